// inspect-commands.test.ts — check, plan, graph, log, why, source, run and shell, end to end.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUILD_FILE } from './sample-project.ts'
import { project, type Run } from './tenon.ts'

const box = project({ 'build.ts': BUILD_FILE })

function output(run: Run): string {
  assert.equal(run.exitCode, 0, run.stderr)
  return run.stdout
}

test('check counts what there is and runs nothing', () => {
  assert.equal(output(box.tenon('check')), 'ok: 2 packages, 3 steps\n')
})

test('check shows every type error', () => {
  box.write(
    'wrong.ts',
    BUILD_FILE.replace("text: 'hello'", 'text: 42').replace('version = 3', "version: number = 'x'"),
  )
  const run = box.tenon('check', 'wrong.ts')
  assert.equal(run.exitCode, 3)
  assert.equal([...run.stderr.matchAll(/error TN1000/g)].length, 2)
  assert.match(run.stderr, /2 type errors/)
})

test('plan lists the steps before and after they have run', () => {
  const before = output(project({ 'build.ts': BUILD_FILE }).tenon('plan'))
  assert.match(before, /^greeting: 2 steps, 0 in the store, 1 to run/)
  assert.match(before, /1 +greeting@write +sh .*\+note +to run/)
  output(box.tenon('build'))
  assert.match(output(box.tenon('plan')), /2 in the store, 0 to run/)
})

test('plan --json has schemas, keys and positions', () => {
  const view: unknown = JSON.parse(output(box.tenon('plan', '--json')))
  assert.partialDeepStrictEqual(view, {
    format: 1,
    package: 'greeting',
    steps: [
      { name: 'write', interpreter: 'sh', inputsFrom: [] },
      { name: 'shout', inputsFrom: [0] },
    ],
  })
})

test('graph prints dot by default and mermaid on request', () => {
  assert.match(output(box.tenon('graph')), /^digraph "greeting" \{[^]*s0 -> s1[^]*\}\n$/)
  assert.match(output(box.tenon('graph', '--format', 'mermaid')), /^flowchart TD\n[^]*s0 --> s1\n$/)
})

test('log prints what a step wrote, or says that it wrote nothing; a step that never ran has none', () => {
  output(box.tenon('build'))
  assert.match(output(box.tenon('log', '@write')), /^writing\n/)
  assert.match(output(box.tenon('log')), /^writing\n/) // of the last one that wrote something
  const silent = box.tenon('log', '@shout')
  assert.deepEqual([output(silent), silent.stderr], ['', 'shout wrote nothing\n'])
  const run = project({ 'build.ts': BUILD_FILE }).tenon('log', '@write')
  assert.equal(run.exitCode, 2)
  assert.match(run.stderr, /TN6021/)
})

test('why names the parameter that changed', () => {
  output(box.tenon('build'))
  assert.match(output(box.tenon('why')), /^nothing would run: 2 steps unchanged\n/)
  box.write('build.ts', BUILD_FILE.replace("'hello'", "'goodbye'"))
  const text = output(box.tenon('why'))
  box.write('build.ts', BUILD_FILE)
  assert.match(text, /greeting@write: runs again/)
  assert.match(text, /text: "hello" → "goodbye"/)
})

test('run forwards standard input, arguments and the exit code', () => {
  const run = box.tenonWith({ input: 'from stdin\n' }, 'run', '#tool', '--', 'a', '--b', 'c d')
  assert.equal(run.exitCode, 56, run.stderr)
  assert.equal(run.stdout, 'from stdin\nargs 3: a --b c d\n')
})

test('run refuses a result without a program', () => {
  const run = box.tenon('run')
  assert.equal(run.exitCode, 2)
  assert.match(run.stderr, /TN6106/)
})

test('shell is where the step runs: its document, its directory, its exit code', () => {
  const run = box.tenonWith({ input: 'cat /tenon/step/request.json; pwd; exit 7\n' }, 'shell', '@shout')
  assert.equal(run.exitCode, 7, run.stderr)
  assert.match(run.stdout, /"note":\s*"\/tenon\/store\//)
  assert.match(run.stdout, /\/build\n/)
})

test('shell needs a step', () => {
  const run = box.tenon('shell', 'build.ts')
  assert.equal(run.exitCode, 2)
  assert.match(run.stderr, /TN6010/)
})
