// export.test.ts — tenon export --to dir: a folder that works wherever it lies, without the store it came from.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'
import { temporaryFolder } from '../temporary-folder.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, tree } from 'tenon'
import * as fs from 'node:fs'
const program = (file: string, text: string) => fs.writeFileSync(file, '#!/bin/sh\\n' + text, { mode: 0o755 })
const data = defineStep({ name: 'data', output: z.object({ prefix: tree() }), async run({ out }) {
  fs.mkdirSync(out.prefix)
  fs.writeFileSync(out.prefix + '/text', 'from the closure')
  return { prefix: out.prefix }
} })
const tools = defineStep({ name: 'tools', params: z.object({ data: tree() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.prefix + '/bin', { recursive: true })
  program(out.prefix + '/bin/say', 'cat ' + params.data + '/text; printf " <%s>" "$@"; pwd; exit 7\\n')
  return { prefix: out.prefix }
} })
const free = defineStep({ name: 'free', output: z.object({ prefix: tree() }), async run({ out }) {
  fs.mkdirSync(out.prefix + '/bin', { recursive: true })
  program(out.prefix + '/bin/free', 'echo free "$@"\\n')
  return { prefix: out.prefix }
} })
const number = defineStep({ name: 'number', output: z.object({ n: z.number() }), async run() { return { n: 1 } } })
const base = chain('base', data())
export default chain('tools', tools({ data: base.output.prefix }))
export const simple = chain('simple', free())
export const nothing = chain('nothing', number())
`
const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  spawnSync(file, args, { cwd: '/usr', encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } })

/** Only what a launcher needs beside bubblewrap. */
function pathWithout(t: { after: (end: () => void) => void }, ...names: readonly string[]): string {
  const folder = temporaryFolder('path')
  for (const name of ['sh', 'cat', 'id', 'ln', 'mkdir', 'mount', 'readlink', 'dirname', 'unshare'])
    if (!names.includes(name))
      symlinkSync(
        spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim(),
        join(folder, name),
      )
  return folder
}

test('an exported program finds its closure wherever the folder lies, by bubblewrap or unshare, and says when neither is there', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  const folder = join(project.directory, 'new/out')
  const { code, stdout, stderr } = await project.tenon(['export', '.', '--to', 'dir', 'new/out'])
  assert.equal(code, 0, stderr)
  assert.equal(stdout, `${folder}: 2 objects; programs: say\n`)
  assert.deepEqual(readdirSync(join(project.directory, 'new')), ['out'])
  const moved = join(project.directory, 'elsewhere, moved')
  renameSync(folder, moved)
  rmSync(join(project.home, 'roots'), { recursive: true })
  renameSync(project.home, `${project.home}-away`)
  assert.equal(readFileSync(join(moved, 'result/bin/say'), 'utf8').split('\n')[0], '#!/bin/sh')
  const paths = spawnSync('bwrap', ['--dev-bind', '/', '/', 'true']).status === 0 ? [process.env['PATH']] : []
  for (const PATH of [...paths, pathWithout(t)]) {
    const said = run(join(moved, 'bin/say'), ['a', 'b c', ''], { PATH })
    assert.equal(said.stdout, 'from the closure <a> <b c> <>/usr\n', said.stderr)
    assert.equal(said.status, 7)
  }
  const refused = run(join(moved, 'bin/say'), [], { PATH: pathWithout(t, 'unshare') })
  assert.equal(refused.status, 126)
  assert.match(refused.stderr, /needs bubblewrap, or unshare/)
  assert.deepEqual(readdirSync(join(moved, 'root')), [])
})

test('a program that names no path of the store is started directly; links to the launcher work', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  assert.equal((await project.tenon(['export', '#simple', 'out'])).code, 0)
  const link = join(project.directory, 'link')
  symlinkSync('out/bin/free', link)
  assert.equal(run(link, ['x y'], { PATH: pathWithout(t, 'unshare') }).stdout, 'free x y\n')
  assert.match(readlinkSync(join(project.directory, 'out/result')), /^store\/\w{32}-simple-prefix$/)
  assert.equal(statSync(join(project.directory, 'out/result/bin')).mode & 0o700, 0o700) // can be deleted by its owner
})

test('nothing that exists is written into, and a failed export leaves nothing', async () => {
  const project = new Project({ 'build.ts': BUILD, 'full/mine': 'x' })
  mkdirSync(join(project.directory, 'empty'))
  for (const [words, code] of [
    [['.', 'full'], 'TN5070'],
    [['.', 'build.ts'], 'TN5070'],
    [['#nothing', 'out'], 'TN5072'],
  ] as const) {
    const said = await project.tenon(['export', ...words])
    assert.equal(said.code, 1)
    assert.match(said.stderr, new RegExp(code))
  }
  assert.ok(!existsSync(join(project.directory, 'out')))
  assert.equal((await project.tenon(['export', '#simple', 'empty'])).code, 0)
})
