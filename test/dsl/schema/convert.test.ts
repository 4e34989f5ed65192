// convert.test.ts — what zod says, as one JSON Schema: the same for equal schemas, without notes, of either generation.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Ajv } from 'ajv'
import { z } from 'zod'
import * as mini from 'zod/mini'
import * as z3 from 'zod/v3'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { canonicalJson } from '../../../dsl/plan/json.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'

const convert = (schema: unknown) => jsonSchemaOf(schema, 'input')
const text = (schema: unknown) => canonicalJson(convert(schema))

const PINNED =
  '{"properties":{"count":{"default":3,"maximum":9007199254740991,"minimum":-9007199254740991,"type":"integer"},' +
  '"env":{"additionalProperties":{"type":"string"},"type":"object"},"name":{"minLength":1,"type":"string"},' +
  '"tags":{"items":{"enum":["a","b"],"type":"string"},"type":"array"},"when":{"anyOf":[{"type":"boolean"},{"type":"null"}]}},' +
  '"required":["env","name","tags"],"type":"object","x-tenon-strip":true}'

test('the JSON Schema of a zod 4 schema is pinned', () => {
  const schema = z.object({
    name: z.string().min(1),
    count: z.int().default(3),
    tags: z.array(z.enum(['a', 'b'])),
    when: z.boolean().nullish(),
    env: z.record(z.string(), z.string()),
  })
  assert.equal(text(schema), PINNED)
})

test('zod/mini gives the schema that zod 4 gives', () => {
  const schema = mini.object({
    env: mini.record(mini.string(), mini.string()),
    tags: mini.array(mini.enum(['a', 'b'])),
    name: mini.string().check(mini.minLength(1), mini.describe('its name')),
    count: mini._default(mini.int(), 3),
    when: mini.optional(mini.nullable(mini.boolean())),
  })
  assert.equal(text(schema), PINNED)
})

test('the JSON Schema of a zod 3 schema is pinned', () => {
  const schema = z3.object({
    name: z3.string().startsWith('w').max(9),
    count: z3.number().int().min(1).min(0).default(3),
    tags: z3.array(z3.enum(['a', 'b'])).nonempty(),
    when: z3.literal(null).optional(),
  })
  const pinned =
    '{"properties":{"count":{"allOf":[{"minimum":0}],"default":3,"minimum":1,"type":"integer"},' +
    '"name":{"allOf":[{"pattern":"^[\\\\s\\\\S]{0,9}$"}],"pattern":"^w","type":"string"},' +
    '"tags":{"items":{"enum":["a","b"],"type":"string"},"minItems":1,"type":"array"},"when":{"type":"null"}},' +
    '"required":["name","tags"],"type":"object","x-tenon-strip":true}'
  assert.equal(text(schema), pinned)
})

test('each generation meets its own conversion only: one inside the other is refused', () => {
  // Given a schema of zod 4, zod-to-json-schema answers {}; neither zod can parse with the other inside.
  const four = { a: z.string().min(3) }
  const three = { a: z3.string().regex(/^x/) }
  assert.deepEqual(convert(z.object(four)).properties, { a: { type: 'string', minLength: 3 } })
  assert.deepEqual(convert(z3.object(three)).properties, { a: { type: 'string', pattern: '^x' } })
  for (const [schema, message] of [
    [z3.object(four as never), 'the input schema: .a is a schema of zod 4 inside one of zod 3'],
    [z.object(three as never), 'the input schema: .a is a schema of zod 3 inside one of zod 4'],
    [z.array(three.a as never), 'the input schema: [] is a schema of zod 3 inside one of zod 4'],
    [z.tuple([three.a as never]), 'the input schema: [0] is a schema of zod 3 inside one of zod 4'],
    [
      z.record(three.a as never, z.string()),
      'the input schema: (keys) is a schema of zod 3 inside one of zod 4',
    ],
  ] as const)
    // never: the types of zod keep them apart
    assert.throws(() => convert(schema), { code: 'TN2009', message })
})

test('unknown members are dropped, refused, kept or checked as the object says', () => {
  const rest = ({ properties: _p, required: _r, type: _t, ...others }: Record<string, unknown>) => others
  for (const [schema, expected] of [
    [z.object({ a: z.null() }), { 'x-tenon-strip': true }],
    [z.strictObject({ a: z.null() }), { additionalProperties: false }],
    [z.looseObject({ a: z.null() }), {}],
    [z.object({ a: z.null() }).catchall(z.number()), { additionalProperties: { type: 'number' } }],
    [z3.object({ a: z3.null() }), { 'x-tenon-strip': true }],
    [z3.object({ a: z3.null() }).strict(), { additionalProperties: false }],
    [z3.object({ a: z3.null() }).passthrough(), {}],
    [z3.object({ a: z3.null() }).catchall(z3.number()), { additionalProperties: { type: 'number' } }],
  ] as const)
    assert.deepEqual(rest(convert(schema)), expected)
})

test('notes, titles and the order of writing change nothing', () => {
  const plain = z.object({ a: z.string().min(1), b: z.array(z.number()).optional() })
  const noted = z
    .object({
      b: z
        .array(z.number().describe('one'))
        .optional()
        .describe('all')
        .meta({ examples: [[1]] }),
      a: z.string().meta({ title: 'A', type: 'number', minLength: 9 }).min(1),
    })
    .meta({ id: 'Noted', description: 'x', deprecated: true })
  assert.equal(text(noted), text(plain))
  const three = z3.object({ a: z3.string().describe('a') }).describe('whole')
  assert.equal(text(three), text(z3.object({ a: z3.string() })))
})

test('a recursive schema refers to definitions of its own document', () => {
  const node = z.object({
    label: z.string(),
    get next() {
      return node.optional()
    },
  })
  const four = z.object({ root: node, again: node })
  const expected = {
    type: 'object',
    properties: { root: { $ref: '#/definitions/r0' }, again: { $ref: '#/definitions/r0' } },
    required: ['again', 'root'],
    'x-tenon-strip': true,
    definitions: {
      r0: {
        type: 'object',
        properties: { label: { type: 'string' }, next: { $ref: '#/definitions/r0' } },
        required: ['label'],
        'x-tenon-strip': true,
      },
    },
  }
  assert.deepEqual(convert(four), expected)
  const node3: z3.ZodTypeAny = z3.object({ label: z3.string(), next: z3.lazy(() => node3).optional() })
  assert.deepEqual(convert(z3.object({ root: node3, again: node3 })), expected)
})

test('a document that is recursive as a whole has its root in the definitions too', () => {
  const json = convert(z.json())
  assert.deepEqual(json.$ref, '#/definitions/r0')
})

test('what is emitted is valid draft-07 and compiles in a plain ajv', () => {
  const schema = z.object({
    tuple: z.tuple([z.string(), z.int()], z.boolean()),
    keyed: z.record(z.string().min(2), z.unknown()),
    map: z.record(z.enum(['a', 'b']), z.number()),
    both: z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })),
    tagged: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('x'), n: z.number().multipleOf(2).gt(0) }),
      z.object({ kind: z.literal(['y', 'z']) }),
    ]),
    text: z.templateLiteral(['v', z.int()]),
    code: z.string().regex(/^a/).endsWith('z').max(5).readonly(),
    tree: z.json(),
  })
  const ajv = new Ajv({ strict: false })
  assert.ok(ajv.validateSchema(convert(schema)), ajv.errorsText())
  assert.ok(ajv.compile(convert(schema)))
})

test('a schema is converted once', () => {
  const schema = z.object({ a: z.string() })
  assert.equal(convert(schema), jsonSchemaOf(schema, 'params'))
})

test('what is no zod schema is refused with what it is', () => {
  for (const [value, what] of [
    [undefined, 'undefined'],
    [{ type: 'string' }, 'a plain object'],
    [() => z.string(), 'a function'],
    [{ '~standard': { vendor: 'valibot' } }, 'a schema of another library'],
  ] as const)
    assert.throws(
      () => jsonSchemaOf(value, 'params', 'build'),
      (error) =>
        error instanceof CodedError &&
        error.code === 'TN2001' &&
        error.message === `the params schema of step 'build' is ${what}, not a zod schema`,
    )
})
