// validate.test.ts — what is handed on of a document: defaults in, unnamed members out, artifacts found, nothing else changed.
import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { file, tree, workTree } from '../../../dsl/schema/artifact.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'
import { validate, type Validation } from '../../../runtime/validate/validate.ts'

const check = (schema: unknown, document: unknown): Validation =>
  validate(jsonSchemaOf(schema, 'input'), document)

function handedOn(schema: unknown, document: unknown): unknown {
  const result = check(schema, document)
  assert.ok(result.ok, JSON.stringify(result))
  return result.document
}
function problems(schema: unknown, document: unknown): readonly object[] {
  const result = check(schema, document)
  return result.ok ? assert.fail('the document is accepted') : result.problems
}

test('a wide producer fits a narrow consumer, in types and at run time', () => {
  const producer = z.object({ src: z.string(), rev: z.string(), more: z.object({ a: z.int(), b: z.int() }) })
  const consumer = z.object({ src: z.string(), more: z.object({ a: z.int() }) })
  const wide: z.output<typeof producer> = { src: '/x', rev: 'r1', more: { a: 1, b: 2 } }
  const narrow: z.input<typeof consumer> = wide
  assert.deepEqual(handedOn(consumer, handedOn(producer, wide)), { src: '/x', more: { a: 1 } })
  assert.deepEqual(handedOn(consumer, narrow), { src: '/x', more: { a: 1 } })
})

test('a narrow producer does not fit a wide consumer, in types and at run time', () => {
  const producer = z.object({ src: z.string(), more: z.object({ a: z.int() }) })
  const consumer = z.object({ src: z.string(), rev: z.string(), more: z.object({ a: z.int(), b: z.int() }) })
  const narrow: z.output<typeof producer> = { src: '/x', more: { a: 1 } }
  // @ts-expect-error rev and more.b are missing
  const wide: z.input<typeof consumer> = narrow
  assert.deepEqual(problems(consumer, wide), [
    { pointer: '/rev', message: 'is missing, expected string' },
    { pointer: '/more/b', message: 'is missing, expected integer' },
  ])
})

test('defaults are filled in at any depth', () => {
  const schema = z.object({
    jobs: z.int().default(4),
    nested: z.object({ flag: z.boolean().default(true), kept: z.string().optional() }),
    list: z.array(z.object({ n: z.int().default(1) })),
    env: z.record(z.string(), z.object({ v: z.string().default('') })),
    whole: z.object({ a: z.int().default(7) }).prefault({}),
    orNull: z.string().default('x').nullable(),
  })
  const document = { nested: {}, list: [{}, { n: 2 }], env: { HOME: {} } }
  assert.deepEqual(handedOn(schema, document), {
    jobs: 4,
    nested: { flag: true },
    list: [{ n: 1 }, { n: 2 }],
    env: { HOME: { v: '' } },
    whole: { a: 7 },
    orNull: 'x',
  })
  const three = z3.object({
    whole: z3.object({ a: z3.number().default(7) }).default({}),
    gone: z3.string().default('x').optional(),
  })
  assert.deepEqual(handedOn(three, {}), { whole: { a: 7 } })
})

test('a default is filled in for an absent member only, not for null', () => {
  assert.deepEqual(problems(z.object({ a: z.int().default(1) }), { a: null }), [
    { pointer: '/a', message: 'expected integer, found null' },
  ])
})

test('what is handed on shares nothing with the schema or the document', () => {
  const schema = z.object({ list: z.array(z.string()).default(['a']), any: z.unknown() })
  const any = { x: 1 }
  const [first, second] = [handedOn(schema, { any }), handedOn(schema, { any })] as {
    list: string[]
    any: { x: number }
  }[] // as the schema says
  first?.list.push('b')
  if (first !== undefined) first.any.x = 2
  assert.deepEqual(second, { list: ['a'], any: { x: 1 } })
  assert.deepEqual(any, { x: 1 })
})

test('unnamed members are dropped, kept, checked or refused as the object says', () => {
  const document = { a: 1, more: { b: 2 } }
  assert.deepEqual(handedOn(z.object({ a: z.int() }), document), { a: 1 })
  assert.deepEqual(handedOn(z.looseObject({ a: z.int() }), document), document)
  assert.deepEqual(handedOn(z.object({ a: z.int() }).catchall(z.object({})), document), { a: 1, more: {} })
  assert.deepEqual(problems(z.strictObject({ a: z.int() }), document), [
    { pointer: '/more', message: 'is not a known member; known: a' },
  ])
})

test('of a union the first branch that accepts decides what is dropped and filled in', () => {
  const schema = z.union([
    z.object({ kind: z.literal('a'), n: z.int().default(1) }),
    z.object({ kind: z.string(), m: z.int().default(2) }),
  ])
  assert.deepEqual(handedOn(schema, { kind: 'a', m: 9 }), { kind: 'a', n: 1 })
  assert.deepEqual(handedOn(schema, { kind: 'b', n: 9 }), { kind: 'b', m: 2 })
})

test('an intersection hands on what either side names', () => {
  const schema = z.intersection(
    z.object({ a: z.int(), in: z.object({ x: z.int() }) }),
    z.object({ b: z.int().default(2), in: z.object({ y: z.int() }) }),
  )
  assert.deepEqual(handedOn(schema, { a: 1, c: 3, in: { x: 1, y: 2, z: 3 } }), {
    a: 1,
    b: 2,
    in: { x: 1, y: 2 },
  })
})

test('sides of an intersection that fill in different defaults are a problem', () => {
  const schema = z.intersection(z.object({ a: z.int().default(1) }), z.object({ a: z.int().default(2) }))
  assert.deepEqual(problems(schema, {}), [
    { pointer: '', message: 'gets different defaults from the two sides of an intersection' },
  ])
  assert.deepEqual(handedOn(schema, { a: 3 }), { a: 3 })
})

test('a recursive document is checked and narrowed at every level', () => {
  const node = z.object({
    label: z.string(),
    weight: z.int().default(0),
    get next() {
      return node.optional()
    },
  })
  assert.deepEqual(handedOn(node, { label: 'a', x: 1, next: { label: 'b', x: 1 } }), {
    label: 'a',
    weight: 0,
    next: { label: 'b', weight: 0 },
  })
  assert.deepEqual(problems(node, { label: 'a', next: { label: 'b', next: {} } }), [
    { pointer: '/next/next/label', message: 'is missing, expected string' },
  ])
})

test('artifacts are found wherever the document has them', () => {
  const schema = z.object({
    src: workTree(),
    logs: z.array(file()),
    by: z.record(z.string(), z.object({ 'a/b': tree() })),
    one: z.union([z.object({ t: tree() }), z.object({ t: z.string() })]),
    twice: z.intersection(z.object({ t: tree() }), z.object({ t: tree() })),
    none: tree().nullable(),
    pair: z.tuple([z.string(), tree()]),
  })
  const result = check(schema, {
    src: '/build/src',
    logs: ['/l/0', '/l/1'],
    by: { x: { 'a/b': '/t/x' } },
    one: { t: '/t/1' },
    twice: { t: '/t/2' },
    none: null,
    pair: ['/not', '/t/3'],
    dropped: '/t/4',
  })
  assert.ok(result.ok)
  assert.deepEqual(
    result.artifacts.map(({ pointer, kind, path }) => `${pointer} ${kind} ${path}`).toSorted(),
    [
      '/by/x/a~1b tree /t/x',
      '/logs/0 file /l/0',
      '/logs/1 file /l/1',
      '/one/t tree /t/1',
      '/pair/1 tree /t/3',
      '/src workTree /build/src',
      '/twice/t tree /t/2',
    ],
  )
})

test('what JSON would lose or change is a problem with its place', () => {
  const schema = z.object({ a: z.array(z.unknown()) })
  for (const [value, found] of [
    [NaN, 'NaN'],
    [-0, '-0'],
    [undefined, 'undefined'],
    [new Map(), 'a Map instance'],
    [new Date(0), 'a Date instance'],
    [1n, 'a bigint'],
  ] as const)
    assert.deepEqual(problems(schema, { a: [1, value] }), [
      { pointer: '/a/1', message: `is ${found}, which JSON cannot carry` },
    ])
  assert.deepEqual(handedOn(schema, { a: [], b: undefined }), { a: [] })
})

test('a member named __proto__ is refused wherever it stands, and no prototype is touched', () => {
  for (const schema of [z.unknown(), z.object({}), z.looseObject({}), z.record(z.string(), z.unknown())]) {
    const document: unknown = JSON.parse('{"a":[{"__proto__":{"polluted":true}}]}')
    assert.deepEqual(problems(schema, document), [
      { pointer: '/a/0/__proto__', message: 'is a member that JavaScript objects cannot hold safely' },
    ])
  }
  assert.deepEqual(handedOn(z.unknown(), { a: '__proto__' }), { a: '__proto__' })
  assert.equal('polluted' in {}, false)
})

test('names that every object inherits are no members of a document', () => {
  const schema = z.looseObject({ a: z.int().optional() })
  assert.deepEqual(handedOn(schema, { toString: 1, constructor: 2 }), { toString: 1, constructor: 2 })
  assert.deepEqual(handedOn(z.record(z.string(), z.int()), { valueOf: 1 }), { valueOf: 1 })
})
