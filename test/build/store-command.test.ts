// store-command.test.ts — tenon store, as a user meets it: after a build, after damage, after a collection.
import assert from 'node:assert/strict'
import { appendFileSync, chmodSync, existsSync, readlinkSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, tree, workTree } from 'tenon'
import * as fs from 'node:fs'
const src = z.object({ src: workTree() })
const one = defineStep({ name: 'one', output: src, async run({ out }) {
  fs.mkdirSync(out.src)
  fs.writeFileSync(out.src + '/a', 'a'.repeat(3000))
  return { src: out.src }
} })
const two = defineStep({ name: 'two', input: src, output: src, async run({ input }) {
  fs.appendFileSync(input.src + '/a', 'b')
  return { src: input.src }
} })
const install = defineStep({ name: 'install', input: src, output: z.object({ prefix: tree() }), async run({ input, out }) {
  fs.cpSync(input.src, out.prefix, { recursive: true })
  fs.writeFileSync(out.prefix + '/own', out.prefix)
  return { prefix: out.prefix }
} })
const link = defineStep({ name: 'link', params: z.object({ lib: tree() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.prefix)
  fs.writeFileSync(out.prefix + '/lib', params.lib)
  return { prefix: out.prefix }
} })
export const library = chain('library', one(), two(), install())
export default chain('program', link({ lib: library.output.prefix }))
`

async function built(): Promise<{ project: Project; store: (...words: string[]) => Promise<string> }> {
  const project = new Project({ 'build.ts': BUILD })
  const { code, stderr } = await project.tenon(['build', '--granularity', 'split'])
  assert.equal(code, 0, stderr)
  const store = async (...words: string[]): Promise<string> => {
    const said = await project.tenon(['store', ...words])
    assert.equal(said.code, 0, said.stderr + said.stdout)
    return said.stdout
  }
  return { project, store }
}
const resultOf = (project: Project): string =>
  `/tenon/store/${readlinkSync(join(project.directory, 'result')).split('/store/')[1] ?? ''}`

test('ls, du and path-info say what is there, whose it is and what keeps it', async () => {
  const { project, store } = await built()
  assert.match(
    await store('ls'),
    /^\/tenon\/store\/\w{32}-library-prefix +tree +3\.0 KiB +0 references +within the hour$/m,
  )
  const objects = JSON.parse(await store('ls', '--json')) as {
    path: string
    references: string[]
    contentBytes: number
  }[] // ListedObject
  assert.deepEqual(
    objects.map(({ path }) => path.slice(46)),
    ['library-prefix', 'library-src', 'library-src', 'program-prefix'],
  )
  assert.match(await store('du'), /^library +3 objects +8\.8 KiB\nprogram +1 object +60 B$/m)
  const path = resultOf(project)
  const library = objects[0]?.path ?? ''
  for (const word of [
    'result',
    path,
    `${path}/lib`,
    '.',
    join(project.home, 'store', path.slice(13), 'lib'),
  ]) {
    const text = await store('path-info', word)
    assert.match(text, new RegExp(`^${path}\n  files +${project.home}/store/`))
    assert.match(
      text,
      new RegExp(
        `refers to +${library}\n  closure +2 objects, 3\\.0 KiB\n  kept by +${project.directory}/result\n  made by +program@link, `,
      ),
    )
  }
  const info = await store('path-info', '#library')
  assert.match(
    info,
    new RegExp(
      `refers to +itself\n.*\n  referred to by +${path}\n  kept by +${project.directory}/result\n  made by +library@install, `,
    ),
  )
})

test('a wrong word is refused with what there is', async () => {
  const project = new Project({ 'build.ts': BUILD })
  for (const [words, code] of [
    [['lss'], 'TN6001'],
    [['ls', 'result'], 'TN6004'],
    [['path-info'], 'TN6004'],
    [['ls', '--repair'], 'TN6002'],
    [['path-info', '/tenon/store/00000000000000000000000000000000-x'], 'TN5020'],
    [['path-info', '.'], 'TN5050'],
  ] as const) {
    const said = await project.tenon(['store', ...words])
    assert.match(said.stderr, new RegExp(code), words.join(' '))
    assert.equal(said.code, code.startsWith('TN6') ? 2 : 1)
  }
})

test('after a collection the result is whole and a build runs nothing; without result link all of it goes', async () => {
  const { project, store } = await built()
  const path = resultOf(project)
  assert.match(
    await store('gc', '--dry-run'),
    /-library-src \(2\.9 KiB\)\nwould remove 2 objects \(5\.9 KiB\), 0 results, 0 logs; kept 2 objects/,
  )
  assert.match(
    await store('gc'),
    /^removed 2 objects \(5\.9 KiB\), 0 results, 0 logs; kept 2 objects \(3\.0 KiB\) for 1 result link\n$/,
  )
  assert.match(
    (await project.tenon(['build', '--force', '--no-link', '#library@one'])).stderr,
    /done: 1 step ran/,
  )
  assert.match((await project.tenon(['build', '--progress', 'plain'])).stderr, /nothing to do: 4 steps found/)
  rmSync(join(project.directory, 'result'))
  assert.match(await store('gc'), /^no result link any more: .*\/result\nremoved 3 objects/)
  assert.equal(await store('ls'), 'the store is empty\n')
  const again = await project.tenon(['build'])
  assert.equal(again.code, 0, again.stderr)
  assert.equal(resultOf(project), path)
})

test('damage is named with its path; repaired, the next build makes again what was damaged and what rests on it', async () => {
  const { project, store } = await built()
  const path = resultOf(project)
  const library =
    (JSON.parse(await store('path-info', 'result', '--json')) as { object: { references: string[] } }[])[0]
      ?.object.references[0] ?? '' // PathInfo
  const file = join(project.home, 'store', library.slice(13), 'a')
  for (const each of [dirname(file), file]) chmodSync(each, 0o755)
  appendFileSync(file, 'damage')
  const found = await project.tenon(['store', 'verify'])
  assert.equal(found.code, 1)
  assert.match(
    found.stdout,
    new RegExp(
      `^damaged object ${dirname(file)}: its content is not what was stored \\(\\d+ bytes, stored were \\d+\\)\n  written to: ${file}$`,
      'm',
    ),
  )
  assert.match(
    await store('verify', '--repair'),
    /removed 2 objects and 2 results; the next build makes them again/,
  )
  assert.match(await store('verify'), /^all is well/)
  const again = await project.tenon(['build'])
  assert.match(again.stderr, /done: 2 steps ran, 2 found in the store/)
  assert.equal(resultOf(project), path)
  assert.ok(existsSync(join(project.directory, 'result/lib')))
  assert.match(await store('verify'), /^all is well/)
})

test('files that were deleted by hand are made again by the next build, without a repair', async () => {
  const { project } = await built()
  const path = resultOf(project)
  const files = join(project.home, 'store')
  chmodSync(files, 0o755)
  rmSync(files, { recursive: true })
  const again = await project.tenon(['build'])
  assert.equal(again.code, 0, again.stderr)
  assert.equal(resultOf(project), path)
})
