// definition.test.ts — what defineStep refuses at run time: step libraries come as JavaScript, without types.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { chain, defineStep, file } from '../../../dsl/index.ts'
import { planOf, stepOf } from '../steps.ts'

const output = z.object({ n: z.number() })
/** As JavaScript would call it. */
const define = (options: unknown) => (defineStep as (options: unknown) => () => never)(options) // what is tested is the untyped call

test('an unknown key is refused, with the nearest known one', () => {
  assert.throws(() => define({ name: 'x', output, scrip: 'true' }), {
    code: 'TN1301',
    message: "step 'x' is defined with the unknown key 'scrip'",
    hint: "Did you mean 'script'?",
  })
})

test('no body, and two bodies, are refused', () => {
  assert.throws(() => define({ name: 'x', output }), { code: 'TN1303', message: "step 'x' has no body" })
  assert.throws(() => define({ name: 'x', output, script: 'a', host: 'source' }), {
    code: 'TN1303',
    message: "step 'x' has script and host",
  })
})

for (const [what, member] of [
  ['an output that is no schema', { output: { n: 'number' } }],
  ['params that are no schema', { params: 1 }],
  ['a mode of its own', { mode: 'keep' }],
  ['a timeout of zero', { timeoutMs: 0 }],
  ['a timeout that is no integer', { timeoutMs: 1.5 }],
  ['tools that are no list', { tools: 'make' }],
  ['a script that is no text', { script: 1 }],
  ['network that is no boolean', { network: 'yes' }],
  ['a fixed output that is no function', { fixedOutput: 'sha256-' }],
] as const)
  test(`${what} is refused`, () => {
    assert.throws(() => define({ name: 'x', output, script: 'true', ...member }), { code: 'TN1303' })
  })

test('a host operation that there is not is refused', () => {
  assert.throws(() => define({ name: 'x', output, host: 'copy' }), { code: 'TN1303' })
})

test('network without a declared hash is refused', () => {
  assert.throws(() => define({ name: 'x', output, script: 'curl', network: true }), { code: 'TN1304' })
  assert.throws(() => define({ name: 'x', output, host: 'fetch' }), { code: 'TN1304' })
})

for (const name of ['', 'a/b', '-x', 'größe', 'a b', 'x'.repeat(64), '.x', undefined])
  test(`the name ${JSON.stringify(name)} is refused`, () => {
    assert.throws(() => define({ name, output, script: 'true' }), { code: 'TN1302' })
  })

test('a step may use a schema of zod 3', () => {
  const old = defineStep({
    name: 'old',
    params: z3.object({ level: z3.number().default(3) }),
    output: z3.object({ n: z3.number() }),
    script: 'output_json n 1',
  })
  assert.deepEqual(stepOf(chain('x', old()), 'old').params, { kind: 'literal', value: { level: 3 } })
})

test('without a timeout a step has one hour', () => {
  assert.equal(
    planOf(chain('x', define({ name: 'x', output, script: 'true' })())).steps[0]?.timeoutMs,
    3_600_000,
  )
})

test('host steps prepare source; others when they say so', () => {
  const source = defineStep({ name: 'source', output: z.object({ file: file() }), host: 'source' })
  const plain = defineStep({ name: 'plain', output, script: 'true' })
  const tidy = defineStep({ name: 'tidy', output, script: 'true', preparesSource: true })
  assert.deepEqual(
    planOf(chain('x', source(), plain(), tidy())).main.steps.map(({ preparesSource }) => preparesSource),
    [true, false, true],
  )
})

test('steps, factories and chains are frozen', () => {
  const factory = defineStep({ name: 'x', output, script: 'true' })
  assert.ok([factory, factory(), chain('c', factory()), chain('c', factory()).steps].every(Object.isFrozen))
})
