// body.test.ts — bodies as planning sees them: digest and captured data.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { bodyHandle } from '../../dsl/body.ts'
import { chain, defineStep } from '../../dsl/index.ts'
import { fetch, planOf, stepOf } from './steps.ts'

const digest = 'ab'.repeat(32)
const output = z.object({ n: z.number() })

test('a handle puts the digest and the captured data into the plan', () => {
  const step = defineStep({ name: 'x', output, run: bodyHandle(digest, { limit: 3, names: ['a'] }) })
  assert.deepEqual(stepOf(chain('c', step()), 'x').body, {
    kind: 'module',
    interpreter: 'node',
    digest,
    captures: { limit: 3, names: ['a'] },
  })
})

test('captured data is copied', () => {
  const names = ['a']
  const step = defineStep({ name: 'x', output, run: bodyHandle(digest, { names }) })
  names.push('b')
  const { body } = stepOf(chain('c', step()), 'x')
  assert.deepEqual(body.kind === 'module' && body.captures, { names: ['a'] })
})

const cyclic: unknown[] = []
cyclic.push(cyclic)
for (const [what, value, found] of [
  ['a function', () => 1, 'is a function'],
  ['an object with a function', { on: { exit: () => 1 } }, 'has a function at /on/exit'],
  ['a class instance', new Map(), 'is a Map instance'],
  ['undefined', undefined, 'is undefined'],
  ['a cycle', cyclic, 'has a cycle at /0'],
  ['a reference', fetch({ url: 'a' }).output.file, 'holds a reference to a step'],
  ['text with a reference in it', `x${fetch({ url: 'a' }).output.file}`, 'holds a reference to a step'],
] as const)
  test(`capturing ${what} is refused, and names the variable`, () => {
    assert.throws(() => bodyHandle(digest, { fine: 1, helper: value }), {
      code: 'TN1313',
      message: `the body of a step uses the variable 'helper', which ${found}`,
      hint: /pass 'helper' through params/,
    })
  })

test('a real function as run is refused: only the loader knows its code', () => {
  const step = defineStep({ name: 'x', output, run: () => ({ n: 1 }) })
  assert.throws(() => planOf(chain('c', step())), {
    code: 'TN1314',
    message: "step 'x' is planned outside of the loader",
  })
})

test('a body is not run while planning', () => {
  assert.throws(() => bodyHandle(digest, {})({}), { code: 'TN1314' })
})
