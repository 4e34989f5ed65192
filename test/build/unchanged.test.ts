// unchanged.test.ts — a build of which nothing changed is answered before Node is started, and only then.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { COMMAND, PATH, Project, type Ran } from '../project.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, tree, workTree } from 'tenon'
import { localSource } from 'tenon/steps'
import { cpSync } from 'node:fs'
const keep = defineStep({ name: 'keep', input: z.object({ src: workTree() }), output: z.object({ prefix: tree() }),
  async run({ input, out }) { cpSync(input.src, out.prefix, { recursive: true }); return { prefix: out.prefix } } })
export default chain('kept', localSource({ root: './data', include: ['**/*.txt'] }), keep())
`

/** The command, and which files of Tenon Node loaded for it: none when it was not started. */
async function traced(project: Project): Promise<Ran & { readonly loaded: readonly string[] }> {
  const coverage = temporaryFolder('coverage')
  const ran = await project.tenon(['build'], { env: { NODE_V8_COVERAGE: coverage } })
  const urls = readdirSync(coverage).flatMap((name) => {
    const { result } = JSON.parse(readFileSync(join(coverage, name), 'utf8')) as {
      result: { url: string }[]
    } // V8's format
    return result.map(({ url }) => url.slice(url.lastIndexOf('/') + 1))
  })
  return { ...ran, loaded: urls.filter((name) => name.startsWith('tenon')).toSorted() }
}

const folder = dirname(COMMAND)

/** Whether the program that the command asks first answers; else it says nothing, and Node is started. */
function answered(
  project: Project,
  words: readonly string[] = [folder, 'build'],
  env: NodeJS.ProcessEnv = {},
  cwd = project.directory,
): boolean {
  const environment = { PATH, HOME: dirname(project.home), TENON_HOME: project.home, ...env }
  const program = `${COMMAND}-unchanged`
  const { status, stdout, stderr } = spawnSync(program, words, { cwd, env: environment, encoding: 'utf8' })
  assert.ok(status === 0 || (stdout === '' && stderr === ''), `${stdout}${stderr}`)
  return status === 0
}

test('an unchanged build starts no Node and prints what the build before printed', async () => {
  const project = new Project({ 'build.ts': BUILD, 'data/a.txt': 'a', 'data/deep/b.txt': 'b' })
  const first = await project.tenon(['build'])
  assert.equal(first.code, 0, first.stderr)
  await sleep(60) // files younger than a tick of the kernel's clock are not trusted
  await project.tenon(['build'])
  const again = await traced(project)
  assert.deepEqual(again.loaded, [])
  assert.equal(again.stdout, first.stdout)
  assert.match(again.stderr, /^nothing to do: 2 steps found in the store, no process started\n$/)
})

test('warnings of modules are printed by an unchanged build as by the first one', async () => {
  const project = new Project({
    'build.ts': `import { z } from 'zod'
import { definePackage, defineStep } from 'tenon'
const say = defineStep({ name: 'say', output: z.object({ text: z.string() }), script: 'output text hello' })
export default definePackage('said', {
  steps: { say: say() },
  warnings: [{ when: () => true, message: 'it says nothing new\\nand never will' }],
})
`,
  })
  const warning = /^(warning: it says nothing new\n {2}and never will\n {2}build\.ts:\d+:\d+\n)/m
  const first = await project.tenon(['build'])
  const printed = warning.exec(first.stderr)?.[1]
  assert.ok(printed, first.stderr)
  await sleep(60) // as above
  await project.tenon(['build'])
  const again = await traced(project)
  assert.deepEqual(again.loaded, [])
  assert.equal(again.stderr, `${printed}nothing to do: 1 step found in the store, no process started\n`)
})

test('whatever changes is noticed: files, names, ignore files, the build file, the lock, the link, the object', async () => {
  const project = new Project({ 'build.ts': BUILD, 'data/a.txt': 'a', 'data/deep/b.txt': 'b' })
  const settle = async (): Promise<void> => {
    await project.tenon(['build'])
    await sleep(60)
    await project.tenon(['build'])
    assert.ok(answered(project))
  }
  const changes: Readonly<Record<string, () => void>> = {
    'a file is written': () => project.write({ 'data/a.txt': 'A' }),
    'a file appears': () => project.write({ 'data/deep/c.txt': 'c' }),
    'a mode changes': () => chmodSync(join(project.directory, 'data/a.txt'), 0o755),
    'an ignore file appears': () => project.write({ '.gitignore': 'deep\n' }),
    'the build file is written': () => project.write({ 'build.ts': BUILD + '// a comment\n' }),
    'the lock appears': () => project.write({ 'tenon.lock': '{"version":1,"fetches":{}}\n' }),
    'the link is removed': () => unlinkSync(join(project.directory, 'result')),
  }
  for (const [what, change] of Object.entries(changes)) {
    await settle()
    change()
    assert.ok(!answered(project), what)
  }
  await settle()
  const store = join(project.home, 'store')
  const object = readdirSync(store).find(
    (name) => name.endsWith('-kept-prefix') && readdirSync(join(store, name)).length > 0,
  )
  chmodSync(join(store, object ?? ''), 0o755)
  for (const name of readdirSync(store).filter((each) => each.endsWith('-kept-prefix')))
    rmSync(join(store, name), { recursive: true, force: true })
  const repaired = await traced(project)
  assert.ok(repaired.loaded.includes('tenon-main.cjs'))
  assert.equal(repaired.code, 0, repaired.stderr)
})

test('another command, folder, Node or Tenon is another build, and so is one without what names them', async () => {
  const project = new Project({ 'build.ts': BUILD, 'data/a.txt': 'a', 'inner/empty': '' })
  await project.tenon(['build'])
  await sleep(60)
  await project.tenon(['build'])
  const otherNode = join(project.directory, 'inner')
  symlinkSync('/bin/true', join(otherNode, 'node'))
  assert.ok(answered(project, [folder, 'build']))
  assert.ok(answered(project, [folder, 'build'], { TENON_HOME: relative(project.directory, project.home) }))
  assert.ok(answered(project, [folder, 'build'], { PATH: `/nowhere::${PATH}` }))
  assert.ok(!answered(project, [folder, 'build', 'build.ts']))
  assert.ok(!answered(project, [folder]))
  assert.ok(!answered(project, [`${folder}/.`, 'build']))
  assert.ok(!answered(project, [folder, 'build'], {}, otherNode))
  assert.ok(!answered(project, [folder, 'build'], { PATH: `${otherNode}:${PATH}` }))
  assert.ok(!answered(project, [folder, 'build'], { PATH: '/nowhere' }))
  assert.ok(!answered(project, [folder, 'build'], { TENON_HOME: undefined, HOME: undefined }))
})

test('a damaged or cut snapshot is none', async () => {
  const project = new Project({ 'build.ts': BUILD, 'data/a.txt': 'a' })
  const first = await project.tenon(['build'])
  await sleep(60)
  await project.tenon(['build'])
  const snapshots = join(project.home, 'cache/unchanged')
  const file = join(snapshots, readdirSync(snapshots)[0] ?? '')
  const whole = readFileSync(file)
  for (const damaged of [
    whole.subarray(0, -1),
    whole.subarray(0, 40),
    Buffer.alloc(0),
    Buffer.from('tenon-unchanged 1\0'),
  ]) {
    writeFileSync(file, damaged)
    assert.ok(!answered(project))
    assert.equal((await project.tenon(['build'])).stdout, first.stdout)
  }
})
