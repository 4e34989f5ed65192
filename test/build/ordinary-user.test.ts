// ordinary-user.test.ts — a new user on an ordinary account: the quickstart works, and so do run and shell.
import assert from 'node:assert/strict'
import { readlinkSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { Project, ROOT } from '../project.ts'

const NOBODY = 65534
const BUILD = `import { z } from 'zod'
import { chain, defineStep, hostTools, tree } from 'tenon'
const install = defineStep({ name: 'install', output: z.object({ prefix: tree() }), tools: [hostTools('chmod')],
  script: 'mkdir -p "$out_prefix/bin"; printf "#!/bin/sh\\\\ncat; id -u; exit 7\\\\n" > "$out_prefix/bin/tool"; chmod 755 "$out_prefix/bin/tool"' })
export default chain('tool', install())
`
/** Why the tests can't be run as nobody; null when they can. */
function obstacle(): string | null {
  for (let folder = ROOT; folder !== '/'; folder = dirname(folder))
    if ((statSync(folder).mode & 0o005) !== 0o005) return `others may not read ${folder}`
  return null
}
const uid = process.getuid?.() === 0 ? NOBODY : undefined
const skip = uid === undefined ? false : (obstacle() ?? false)

const options = uid === undefined ? {} : { uid }
const project = new Project({ 'build.ts': BUILD })
if (uid !== undefined) project.giveTo(uid)

test('the quickstart builds on an ordinary account, and again without a process', { skip }, async () => {
  const first = await project.tenon(['build', join(ROOT, 'examples/quickstart')], options)
  assert.equal(first.code, 0, first.stderr)
  assert.partialDeepStrictEqual(JSON.parse(first.stdout), { name: 'mdtoc', fileName: 'mdtoc-1.2.0.tgz' })
  assert.doesNotMatch(first.stderr, /^warning|because/m)
  assert.equal(dirname(readlinkSync(join(project.directory, 'result'))), join(project.home, 'store'))
  const second = await project.tenon(['build', join(ROOT, 'examples/quickstart')], options)
  assert.match(second.stderr, /^nothing to do: 6 steps found in the store, no process started\n$/)
  assert.equal(second.stdout, first.stdout)
})

test(
  'every sandbox that works gives the quickstart the same result, on an ordinary account and for who runs the tests',
  { skip },
  async () => {
    const results = new Set<string>()
    const accounts = [
      { project, options },
      ...(uid === undefined ? [] : [{ project: new Project(), options: {} }]),
    ]
    for (const { project, options } of accounts) {
      for (const rung of ['bubblewrap', 'unshare', 'landlock', 'plain']) {
        const flags = ['--force', '--no-link', '--sandbox', rung]
        const { code, stdout, stderr } = await project.tenon(
          ['build', join(ROOT, 'examples/quickstart'), ...flags],
          options,
        )
        if (code === 1 && /TN3780/.test(stderr)) continue // it does not work here, and was refused as such
        assert.equal(code, 0, stderr)
        assert.match(stderr, new RegExp(`^sandbox: ${rung}`, 'm'))
        results.add(stdout.replaceAll(project.home, ''))
      }
    }
    assert.equal(results.size, 1, [...results].join('\n'))
  },
)

test('run and shell work on an ordinary account', { skip }, async () => {
  const run = await project.tenon(['run'], { ...options, input: 'from the user\n' })
  assert.deepEqual([run.code, run.stdout], [7, `from the user\n${uid ?? process.getuid?.()}\n`], run.stderr)
  const shell = await project.tenon(['shell', '@install'], { ...options, input: 'pwd; exit 9\n' })
  assert.deepEqual([shell.code, shell.stdout], [9, '/build\n'], shell.stderr)
})
