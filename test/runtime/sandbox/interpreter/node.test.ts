// node.test.ts — a module body gets its request, and only what JSON can carry comes back.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { placeholderPath } from '../../../../dsl/plan/placeholder.ts'
import { probeRungs } from '../../../../runtime/sandbox/rungs.ts'
import { PREFIX, SandboxFixture } from '../sandbox-fixture.ts'

const fixture = new SandboxFixture()
const { rung } = (await probeRungs(fixture.home)).find(({ works }) => works) ?? { rung: 'plain' }
const { node } = fixture.on(rung)

function written(body: string): string {
  const file = join(fixture.home, 'module-body')
  writeFileSync(file, body)
  return file
}

test('input, params, captures, output paths and platform are as requested', async () => {
  const input = { text: 'ä\u2028\n"\\', deep: [{ n: null }], number: 1e21 }
  const { document } = await node(
    'return { input, params, captures, out, platform, placeholder: placeholder("prefix") }',
    {
      input,
      params: { a: [1] },
      captures: { c: 'x' },
    },
  )
  assert.deepEqual(document, {
    input,
    params: { a: [1] },
    captures: { c: 'x' },
    out: { prefix: PREFIX },
    platform: { os: 'linux', arch: 'x64' },
    placeholder: placeholderPath('chain', 'prefix'),
  })
})

test('a body that awaits at the top level is run as a module', async () => {
  const { document } = await node('', {
    spec: {
      body: {
        kind: 'module',
        file: written('export const n = await Promise.resolve(1); export default () => () => ({ n })'),
      },
    },
  })
  assert.deepEqual(document, { n: 1 })
})

describe('what JSON cannot carry fails the step and says where', () => {
  for (const [value, said] of [
    ['{ a: { b: NaN } }', 'at /a/b is NaN'],
    ['{ a: [1, undefined] }', 'at /a/1 is undefined'],
    ['{ a: new Map() }', 'at /a is a Map instance'],
    ['{ a: new Date(0) }', 'at /a is a Date instance'],
    ['{ a: 1n }', 'at /a is a bigint'],
    ['{ "x/y": -0 }', 'at /x~1y is -0'],
    ['undefined', "of step 'chain@step' is undefined"],
    ['{ a: () => 1 }', 'at /a is a function'],
  ])
    test(value ?? '', async () => {
      const { exit, log } = await node(`return ${value}`)
      assert.deepEqual(exit, { kind: 'exited', code: 1 })
      assert(log.includes(`the output of step 'chain@step'`) && log.includes(said ?? ''), log)
    })
})

test('an error that is thrown is in the log with its stack and cause', async () => {
  const { exit, log } = await node('throw new Error("outer", { cause: new TypeError("inner") })')
  assert.deepEqual(exit, { kind: 'exited', code: 1 })
  assert.match(log, /Error: outer\n\s+at .*body\.js:3/)
  assert.match(log, /\[cause\]: TypeError: inner/)
})
test('a promise that nobody awaits fails the step when it rejects first', async () => {
  const { exit } = await node(
    'Promise.reject(new Error("lost")); await new Promise((resolve) => setTimeout(resolve, 1000)); return {}',
  )
  assert.deepEqual(exit, { kind: 'exited', code: 1 })
})
test('a timer or server left running does not keep the step from ending', async () => {
  const { exit } = await node(
    'setInterval(() => {}, 1000); net.createServer().listen(0); return { done: true }',
  )
  assert.deepEqual(exit, { kind: 'answered', response: '{"done":true}' })
})
test('commands and log lines are in the log in the order they happened', async () => {
  const { log, document } = await node(
    'log("before"); const { stdout } = await $`printf ${"a b"}`; log({ after: [1] }); return { stdout }',
    { commands: ['printf'] },
  )
  assert.equal(log, 'before\n$ printf "a b"\na b{ after: [ 1 ] }\n')
  assert.deepEqual(document, { stdout: 'a b' })
})
