// build-command.test.ts — tenon build, end to end.
import assert from 'node:assert/strict'
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { BUILD_FILE } from './sample-project.ts'
import { project, type Run } from './tenon.ts'

const box = project({ 'build.ts': BUILD_FILE })

function succeeded(run: Run): Run {
  assert.equal(run.exitCode, 0, run.stderr)
  return run
}

test('the document goes to standard output, with paths that can be opened', () => {
  const { stdout, stderr } = succeeded(box.tenon('build'))
  const document = JSON.parse(stdout) as { note: string; length: number } // the output schema of the last step
  assert.equal(document.length, 5)
  assert.equal(readFileSync(document.note, 'utf8'), 'hello!')
  assert.match(stderr, /greeting@write: ran in/)
  assert.match(stderr, /greeting@write \| writing/)
  assert.match(stderr, /done: 2 steps ran/)
})

test('the result is linked', () => {
  succeeded(box.tenon('build'))
  const link = join(box.directory, 'result')
  assert(lstatSync(link).isSymbolicLink())
  assert.equal(readFileSync(link, 'utf8'), 'hello!')
  assert.equal(dirname(readlinkSync(link)), join(box.home, 'store'))
})

test('an unchanged build starts no process and says so in one line', () => {
  succeeded(box.tenon('build'))
  const { stderr } = succeeded(box.tenon('build'))
  assert.equal(stderr, 'nothing to do: 2 steps found in the store, no process started\n')
})

test('a comment in the build file runs nothing again', () => {
  succeeded(box.tenon('build'))
  box.write('build.ts', `// a comment\n\n${BUILD_FILE}`)
  assert.match(succeeded(box.tenon('build')).stderr, /nothing to do/)
  box.write('build.ts', BUILD_FILE)
})

test('a changed parameter runs the steps again that it reaches', () => {
  succeeded(box.tenon('build'))
  box.write('changed.ts', BUILD_FILE.replace("'hello'", "'goodbye'"))
  const { stdout } = succeeded(box.tenon('build', 'changed.ts'))
  assert.equal((JSON.parse(stdout) as { length: number }).length, 7) // the output schema of the last step
})

test('a step is a target, too', () => {
  const { stdout } = succeeded(box.tenon('build', '@write'))
  const { note } = JSON.parse(stdout) as { note: string } // the output schema of the step
  assert.equal(readFileSync(note, 'utf8'), 'hello')
})

test('--out-link puts the link elsewhere, --no-link nowhere', () => {
  succeeded(box.tenon('build', '--out-link', 'out/here'))
  assert.equal(readFileSync(join(box.directory, 'out/here'), 'utf8'), 'hello!')
  const other = project({ 'build.ts': BUILD_FILE })
  succeeded(other.tenon('build', '--no-link'))
  assert(!existsSync(join(other.directory, 'result')))
})

test('a file in the place of the link is not overwritten', () => {
  box.write('precious', 'mine')
  const run = box.tenon('build', '--out-link', 'precious')
  assert.notEqual(run.exitCode, 0)
  assert.match(run.stderr, /precious/)
  assert.equal(readFileSync(join(box.directory, 'precious'), 'utf8'), 'mine')
})

test('--json prints nothing but JSON lines, the result last', () => {
  const { stdout, stderr } = succeeded(box.tenon('build', '--json', '--force'))
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>) // each is an object
  assert(lines.every(({ schema }) => schema === 1))
  assert.deepEqual(
    lines.filter(({ kind }) => kind === 'step-finished').map(({ step, from }) => [step, from]),
    [
      ['write', 'run'],
      ['shout', 'run'],
    ],
  )
  const last = lines.at(-1)
  assert.partialDeepStrictEqual(last, {
    kind: 'result',
    ok: true,
    document: { length: 5 },
    artifacts: [{ pointer: '/note', kind: 'file' }],
  })
  assert.equal(stderr, '')
})

test('--json tells a refusal as a line, too', () => {
  const run = box.tenon('build', '#nothing', '--json')
  assert.equal(run.exitCode, 2)
  const record: unknown = JSON.parse(run.stdout)
  assert.partialDeepStrictEqual(record, { schema: 1, kind: 'error', error: { code: 'TN6101' }, exitCode: 2 })
  assert.match(run.stderr, /error TN6101/)
})

test('--progress says how events are shown on standard error', () => {
  assert.equal(succeeded(box.tenon('build', '--progress', 'quiet', '--force')).stderr, '')
  const { stdout, stderr } = succeeded(box.tenon('build', '--progress', 'json'))
  for (const line of stderr.trimEnd().split('\n')) JSON.parse(line)
  assert.match(stdout, /^\{\n/)
  const live = succeeded(box.tenon('build', '--progress', 'tty', '--force')).stderr
  assert(
    live.includes('\u001b[?25l') && live.endsWith('\u001b[?25h'),
    'the cursor is hidden, then shown again',
  )
})

test('-j 1 runs one step at a time', () => {
  box.write(
    'two.ts',
    `import { chain, defineStep, hostTools, parallel } from 'tenon'
import { z } from 'zod'
const nap = defineStep({ name: 'nap', params: z.object({ n: z.number() }), output: z.object({}), tools: [hostTools('sleep')], script: 'sleep 0.1' })
export default chain('naps', parallel('both', { a: nap({ n: 1 }), b: nap({ n: 2 }) }))
`,
  )
  const { stdout } = succeeded(box.tenon('build', 'two.ts', '-j', '1', '--json'))
  let running = 0
  for (const line of stdout.trimEnd().split('\n')) {
    const { kind } = JSON.parse(line) as { kind: string } // every line has one
    if (kind === 'step-started') running++
    if (kind === 'step-finished') running--
    assert(running <= 1)
  }
})
