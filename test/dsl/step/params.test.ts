// params.test.ts — params of a step in use: defaults, unknown keys, values that do not fit, with and without references.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { chain, defineStep } from '../../../dsl/index.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import { fetch, make, stepOf, unpack } from '../steps.ts'

/** As JavaScript would call it. */
const untyped = make as (params?: unknown) => ReturnType<typeof make> // what is tested is the untyped call
const source = chain('source', fetch({ url: 'a' }), unpack())
const paramsOf = (use: ReturnType<typeof make>) => stepOf(chain('x', source, use), 'make').params
const zlib = chain('zlib', source, make())

test('defaults are filled in at the call', () => {
  assert.deepEqual(paramsOf(make()), { kind: 'literal', value: { flags: [], jobs: 1 } })
  assert.deepEqual(paramsOf(make({ target: { name: 'a' } })), {
    kind: 'literal',
    value: { flags: [], jobs: 1, target: { install: true, name: 'a' } },
  })
})

test('a value that the schema refuses is an error at the call, with its pointer', () => {
  assert.throws(
    () => untyped({ flags: ['a', 1], jobs: 1.5 }),
    (error: { code: string; message: string; details: string[] }) => {
      assert.equal(error.code, 'TN1305')
      assert.match(error.message, /step 'make'/)
      assert.deepEqual(error.details.map((line) => String(line.split(':')[0])).toSorted(byCodeUnit), [
        '/flags/1',
        '/jobs',
      ])
      return true
    },
  )
})

test('an unknown key is refused at any depth, where zod would drop it', () => {
  assert.throws(() => untyped({ job: 2 }), {
    code: 'TN1301',
    message: "step 'make' got the unknown param /job",
    hint: "Did you mean 'jobs'?",
  })
  assert.throws(() => untyped({ target: { name: 'a', instal: true } }), {
    code: 'TN1301',
    message: "step 'make' got the unknown param /target/instal",
  })
})

test('an unknown key is refused beside references too', () => {
  assert.throws(() => untyped({ zlib: zlib.output.prefix, target: { name: 'a', instal: true } }), {
    code: 'TN1301',
  })
})

test('with references, the parts that are known get their defaults', () => {
  const params = paramsOf(make({ zlib: zlib.output.prefix, target: { name: `${zlib.output.prefix}/x` } }))
  assert.ok(params.kind === 'record')
  assert.deepEqual(params.fields['jobs'], { kind: 'literal', value: 1 })
  assert.deepEqual(params.fields['flags'], { kind: 'literal', value: [] })
  const target = params.fields['target']
  assert.ok(target?.kind === 'record')
  assert.deepEqual(target.fields['install'], { kind: 'literal', value: true })
})

test('a record keeps the keys that its user chose', () => {
  const set = defineStep({
    name: 'make',
    params: z.object({ variables: z.record(z.string(), z.string()) }),
    output: z.object({}),
    script: 'true',
  })
  assert.deepEqual(stepOf(chain('x', set({ variables: { CC: 'gcc' } })), 'make').params, {
    kind: 'literal',
    value: { variables: { CC: 'gcc' } },
  })
})

test('later changes to an object that was passed do not matter', () => {
  const flags = ['a']
  const use = make({ flags })
  const referring = make({ flags, zlib: zlib.output.prefix })
  flags.push('b')
  assert.deepEqual(paramsOf(use), { kind: 'literal', value: { flags: ['a'], jobs: 1 } })
  const params = paramsOf(referring)
  assert.deepEqual(params.kind === 'record' && params.fields['flags'], { kind: 'literal', value: ['a'] })
})

test('a step without params takes none', () => {
  assert.throws(() => (unpack as (params: unknown) => unknown)({ strip: 1 }), { code: 'TN1301' }) // the untyped call
})

test('what JSON cannot carry is refused while planning', () => {
  const any = defineStep({
    name: 'any',
    params: z.object({ x: z.any() }),
    output: z.object({}),
    script: 'true',
  })
  for (const x of [Number.NaN, -0, new Map(), 1n, () => 1, [undefined]])
    assert.throws(() => stepOf(chain('x', any({ x })), 'any'), { code: 'TN1320' })
})
