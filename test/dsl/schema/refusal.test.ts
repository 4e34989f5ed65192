// refusal.test.ts — what JSON Schema cannot hold is refused while planning, with its path.
import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { jsonSchemaOf, type SchemaRole } from '../../../dsl/schema/convert.ts'

class Local {
  readonly a = 1
}

function assertRefused(schema: unknown, code: string, message: RegExp, role: SchemaRole = 'input'): void {
  const label = `${code} ${String(message)}`
  assert.throws(
    () => jsonSchemaOf(schema, role),
    (error) => {
      assert.ok(error instanceof CodedError, label)
      assert.equal(error.code, code, label)
      assert.match(error.message, message)
      assert.ok(error.hint, `${label} gives a hint`)
      return true
    },
    label,
  )
}

const at4 = (inner: z.ZodType) => z.object({ when: inner })
const at3 = (inner: z3.ZodTypeAny) => z3.object({ when: inner })

test('kinds of value that JSON lacks are refused', () => {
  const four: Record<string, z.ZodType> = {
    date: z.date(),
    map: z.map(z.string(), z.string()),
    set: z.set(z.string()),
    bigint: z.bigint(),
    symbol: z.symbol(),
    undefined: z.undefined(),
    void: z.void(),
    nan: z.nan(),
    promise: z.promise(z.string()),
    file: z.file(),
    'z.custom\\(\\)': z.custom<string>(() => true),
    'z.instanceof\\(\\)': z.instanceof(Local),
  }
  for (const [kind, schema] of Object.entries(four)) {
    assertRefused(at4(schema), 'TN2002', new RegExp(`^the input schema: \\.when is a value of .*${kind}`))
  }
  assertRefused(z.object({ f: z.function() as unknown as z.ZodType }), 'TN2002', /\.f .*'function'/) // no type of zod's
  const three: Record<string, z3.ZodTypeAny> = {
    date: z3.date(),
    map: z3.map(z3.string(), z3.string()),
    set: z3.set(z3.string()),
    bigint: z3.bigint(),
    symbol: z3.symbol(),
    undefined: z3.undefined(),
    void: z3.void(),
    nan: z3.nan(),
    promise: z3.promise(z3.string()),
    function: z3.function(),
  }
  for (const [kind, schema] of Object.entries(three))
    assertRefused(at3(schema), 'TN2002', new RegExp(`\\.when is a value of kind '${kind}'`))
  for (const literal of [undefined, 1n, NaN]) {
    assertRefused(at4(z.literal(literal as never)), 'TN2002', /\.when is the literal/) // NaN is no literal type
    assertRefused(at3(z3.literal(literal)), 'TN2002', /\.when is the literal/)
  }
})

test('checks in code are refused', () => {
  assertRefused(at4(z.string().refine((s) => s !== 'x')), 'TN2003', /\.when has a check written in code/)
  assertRefused(at4(z.number().superRefine(() => undefined)), 'TN2003', /\.when/)
  assertRefused(at4(z.array(z.string()).check(() => undefined)), 'TN2003', /\.when/)
  assertRefused(
    z.object({}).refine(() => true),
    'TN2003',
    /^the input schema: the whole has/,
  )
  assertRefused(
    at4(
      z
        .string()
        .optional()
        .refine(() => true),
    ),
    'TN2003',
    /\.when/,
  )
  assertRefused(at3(z3.string().refine((s) => s !== 'x')), 'TN2003', /\.when/)
  assertRefused(
    z3.object({}).superRefine(() => undefined),
    'TN2003',
    /the whole/,
  )
  // zod makes z.custom() without a check a z.any(): nothing of it is lost.
  assertRefused(at3(z3.custom<string>(() => true)), 'TN2003', /\.when/)
})

test('what changes the value is refused', () => {
  for (const schema of [
    z.string().transform(Number),
    z.preprocess(String, z.string()),
    z.string().pipe(z.enum(['a'])),
    z.codec(z.string(), z.number(), { decode: Number, encode: String }),
    z.stringbool(),
    z.coerce.number(),
    z.coerce.string(),
    z.coerce.boolean(),
    z.string().trim(),
    z.string().toLowerCase(),
    z.string().overwrite((s) => s),
    z.array(z.string()).overwrite((list) => list),
    z.string().catch('x'),
  ])
    assertRefused(at4(schema), 'TN2004', /\.when uses .*, which changes the value/)
  for (const schema of [
    z3.string().transform(Number),
    z3.preprocess(String, z3.string()),
    z3.string().pipe(z3.enum(['a'])),
    z3.coerce.number(),
    z3.coerce.string(),
    z3.coerce.boolean(),
    z3.string().trim(),
    z3.string().toUpperCase(),
    z3.string().catch('x'),
  ])
    assertRefused(at3(schema), 'TN2004', /\.when uses .*, which changes the value/)
})

test('checks that JSON Schema cannot say are refused', () => {
  for (const schema of [
    z.string().regex(/^a/i),
    z.string().regex(/^.$/u),
    z.string().regex(/^a/y),
    z.email({ pattern: z.regexes.unicodeEmail }),
    z.emoji(),
    z.jwt(),
    z.ipv6(),
    z.cidrv6(),
    z.httpUrl(),
    z.url({ hostname: /^a/ }),
    z.string().includes('a', { position: 2 }),
    z.stringFormat('mine', (value) => value.length > 1),
    z.number().max(Infinity),
    z.number().multipleOf(0),
  ])
    assertRefused(at4(schema), 'TN2005', /\.when/)
  for (const schema of [
    z3.string().regex(/^a/i),
    z3.string().emoji(),
    z3.string().jwt(),
    z3.string().ip(),
    z3.string().cidr(),
    z3.string().base64(),
    z3.string().ulid(),
    z3.string().time(),
    z3.string().duration(),
    z3.string().includes('a', { position: 2 }),
    z3.string().min(2e6),
    z3.number().max(Infinity),
    z3.number().multipleOf(5),
  ])
    assertRefused(at3(schema), 'TN2005', /\.when/)
})

test('a default that cannot be kept is refused', () => {
  assertRefused(
    at4(z.unknown().default(() => new Map())),
    'TN2006',
    /\.when has a default that JSON cannot hold/,
  )
  assertRefused(
    at4(z.string().min(3).prefault('x')),
    'TN2006',
    /\.when has a default that its own schema refuses/,
  )
  assertRefused(
    at3(z3.string().min(3).default('x')),
    'TN2006',
    /\.when has a default that its own schema refuses/,
  )
  assertRefused(
    at3(z3.unknown().default(() => new Map())),
    'TN2006',
    /\.when has a default that JSON cannot hold/,
  )
})

test('anything at all is refused as a whole output only', () => {
  for (const schema of [z.any(), z.unknown(), z3.any(), z3.unknown(), z.unknown().optional()]) {
    assertRefused(schema, 'TN2007', /^the output schema accepts anything at all$/, 'output')
    assert.deepEqual(jsonSchemaOf(schema, 'input'), {})
  }
  assert.deepEqual(jsonSchemaOf(z.object({ a: z.unknown() }), 'output').properties, { a: {} })
})

test('constructs on which zod and JSON Schema disagree are refused', () => {
  const strict = z.strictObject({ a: z.string() })
  const closed = z.union([z.object({}), z.object({ x: strict, y: z.array(z.string()) }).strict()])
  const recursive: z.ZodType = z.strictObject({ next: z.lazy(() => recursive).optional() })
  for (const schema of [
    z.intersection(strict, z.object({ b: z.string() })),
    z.intersection(z.object({ b: z.string() }), closed),
    z.intersection(z.record(z.string().min(2), z.string()), z.object({})),
    z.intersection(recursive, z.object({})),
    z.tuple([z.string(), z.number().optional()]),
    z.tuple([z.unknown()], z.string()),
    z.record(z.number(), z.string()),
    z.looseRecord(z.string().regex(/^a/), z.string()),
    z.xor([z.string(), z.number()]),
    z.discriminatedUnion('k', [
      z.object({ k: z.literal('a').default('a') }),
      z.object({ k: z.literal('b') }),
    ]),
    z.object({ constructor: z.string() }),
    z.object(Object.fromEntries([['__proto__', z.string()]])),
  ])
    assertRefused(at4(schema), 'TN2009', /\.when/)
  const fresh = (): z3.ZodTypeAny => z3.object({ next: z3.lazy(fresh) })
  assertRefused(fresh(), 'TN2009', /is more than 100 schemas deep/)
})

test('the path leads through objects, lists, tuples, records, unions and wrappers', () => {
  const deep4 = z.object({
    items: z.array(z.union([z.null(), z.tuple([z.record(z.string(), z.date().nullish())])])),
  })
  assertRefused(deep4, 'TN2002', /^the input schema: \.items\[\]\[0\]\[\*\] is a value of kind 'date'/)
  const deep3 = z3.object({
    items: z3.array(z3.union([z3.null(), z3.tuple([z3.record(z3.date().nullish())])])),
  })
  assertRefused(deep3, 'TN2002', /^the input schema: \.items\[\]\[0\]\[\*\] is a value of kind 'date'/)
  assertRefused(z.object({}).catchall(z.date()), 'TN2002', /: \[\*\] is/)
  assertRefused(z.intersection(z.object({}), z.object({ d: z.date() })), 'TN2002', /: \.d is/)
  assertRefused(z.object({ d: z.date().default(new Date(0)) }), 'TN2006', /: \.d has/)
  assertRefused(z.object({ l: z.lazy(() => z.date()) }), 'TN2002', /: \.l is/)
})

test('a kind of zod that is not known yet is refused', () => {
  const future = z.string()
  future._zod.def = { ...future._zod.def, type: 'quaternion' as 'string' } // what a later zod may bring
  assertRefused(at4(future), 'TN2002', /\.when is a value of kind 'quaternion'/)
})
