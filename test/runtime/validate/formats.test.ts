// formats.test.ts — formats are checked at run time, exactly as zod checks them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import * as z3 from 'zod/v3'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'
import { validate } from '../../../runtime/validate/validate.ts'

interface Zod {
  safeParse(value: unknown): { readonly success: boolean }
}
const accepts = (schema: Zod, value: string) => validate(jsonSchemaOf(schema, 'input'), value).ok

/** By format: the schemas, what they accept, what they refuse. */
const FORMATS: Readonly<Record<string, readonly [readonly Zod[], readonly string[], readonly string[]]>> = {
  url: [
    [z.url(), z.string().url(), z3.string().url()],
    ['https://a.b/c?d#e', 'file:///x', 'mailto:a@b'],
    ['a.b', '//x', ''],
  ],
  'https url': [[z.url().regex(/^https:/)], ['https://a.b'], ['http://a.b', 'https']],
  email: [
    [z.email(), z3.string().email()],
    ['a@b.co', 'A.b+c@D-e.org'],
    ['a@b', '@b.co', 'a b@c.de', 'a@b.co '],
  ],
  uuid: [[z.uuid(), z3.string().uuid()], ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567', '']],
  'uuid v7': [
    [z.uuidv7()],
    ['01890a5d-ac96-774b-bcce-b302099a8057'],
    ['123e4567-e89b-42d3-a456-426614174000'],
  ],
  guid: [[z.guid()], ['123e4567-e89b-02d3-0456-426614174000'], ['123e4567-e89b-02d3-0456']],
  datetime: [
    [z.iso.datetime(), z3.string().datetime()],
    ['2024-02-29T01:02:03Z', '2024-02-29T01:02:03.5Z'],
    ['2023-02-29T01:02:03Z', '2024-02-29T01:02:03+01:00', '2024-02-29'],
  ],
  'datetime with offset': [
    [z.iso.datetime({ offset: true }), z3.string().datetime({ offset: true })],
    ['2024-02-29T01:02:03+01:00'],
    ['2024-02-29T01:02:03'],
  ],
  'local datetime': [
    [z.iso.datetime({ local: true }), z3.string().datetime({ local: true })],
    ['2024-02-29T01:02:03'],
    ['2024-02-30T01:02:03'],
  ],
  'datetime of precision 0': [
    [z.iso.datetime({ precision: 0 }), z3.string().datetime({ precision: 0 })],
    ['2024-02-29T01:02:03Z'],
    ['2024-02-29T01:02:03.1Z'],
  ],
  date: [[z.iso.date(), z3.string().date()], ['2024-02-29'], ['2023-02-29', '2024-2-9']],
  time: [[z.iso.time()], ['01:02:03', '01:02'], ['24:00:00', '1:2']],
  duration: [[z.iso.duration()], ['P1DT2H', 'PT0.5S'], ['P', '1D']],
  ipv4: [[z.ipv4()], ['127.0.0.1'], ['256.0.0.1', '1.2.3']],
  cidr: [[z.cidrv4()], ['10.0.0.0/8'], ['10.0.0.0/33', '10.0.0.0']],
  mac: [[z.mac()], ['00:1a:2b:3c:4d:5e'], ['00-1a', '00:1a:2b:3c:4d']],
  base64: [[z.base64()], ['', 'YQ==', 'YWI=', 'YWJj'], ['YQ', 'YQ=', 'Y Q=', '====']],
  base64url: [[z.base64url()], ['YQ', '-_8'], ['Y', 'YQ=+']],
  hash: [[z.hash('sha256')], ['a'.repeat(64)], ['a'.repeat(63), 'g'.repeat(64)]],
  hostname: [[z.hostname()], ['a.b-c.de', 'localhost'], ['-a', 'a..b', 'a_b']],
  hex: [[z.hex()], ['', 'aF0'], ['g']],
  nanoid: [[z.nanoid(), z3.string().nanoid()], ['V1StGXR8_Z5jdHi6B-myT'], ['V1StGXR8']],
  cuid: [[z.cuid(), z3.string().cuid()], ['cjld2cjxh0000qzrmn831i7rn'], ['x', 'c-']],
  cuid2: [[z.cuid2(), z3.string().cuid2()], ['tz4a98xxat96iws9zmbrgj3a'], ['A', '']],
  ulid: [[z.ulid()], ['01ARZ3NDEKTSV4RRFFQ69G5FAV'], ['01ARZ']],
  e164: [[z.e164()], ['+4930123456'], ['4930123456']],
  lowercase: [[z.string().lowercase()], ['abc é'], ['aB']],
  uppercase: [[z.string().uppercase()], ['ABC'], ['aB']],
  'template literal': [
    [z.templateLiteral(['v', z.int(), z.enum(['', '-rc'])])],
    ['v1', 'v-2-rc'],
    ['v', 'v1.5', 'x1'],
  ],
}

for (const [name, [schemas, accepted, refused]] of Object.entries(FORMATS))
  test(`the format ${name} is checked as zod checks it`, () => {
    for (const schema of schemas) {
      for (const text of accepted)
        assert.ok(schema.safeParse(text).success && accepts(schema, text), `accepts '${text}'`)
      for (const text of refused)
        assert.ok(!schema.safeParse(text).success && !accepts(schema, text), `refuses '${text}'`)
    }
  })

test('a URL that zod would trim is refused, because what a step wrote is never changed', () => {
  for (const schema of [z.url(), z3.string().url()])
    for (const text of [' https://a.b', 'https://a.b ', 'https://a\n.b', 'https://a.b/\t'])
      assert.deepEqual(
        [schema.safeParse(text).success, accepts(schema, text)],
        [true, false],
        JSON.stringify(text),
      )
})

test('lengths are counted as each zod counts them: zod 4 in characters, zod 3 in code units', () => {
  for (const text of ['', 'a', 'ab', '😀', '😀a', 'é', 'a\nb'])
    for (const schema of [
      z.string().min(2),
      z.string().max(1),
      z.string().length(2),
      z3.string().min(2),
      z3.string().max(1),
      z3.string().length(2),
    ])
      assert.equal(
        accepts(schema, text),
        schema.safeParse(text).success,
        JSON.stringify([text, jsonSchemaOf(schema, 'input')]),
      )
})

test('a pattern sees the text as zod sees it: without the flag u', () => {
  for (const schema of [z.string().regex(/^.$/), z.string().regex(/^-[a-z]$/), z3.string().regex(/^..$/)])
    for (const text of ['😀', 'a', '--', '-a'])
      assert.equal(
        accepts(schema, text),
        schema.safeParse(text).success,
        JSON.stringify([text, jsonSchemaOf(schema, 'input')]),
      )
})

test('multiples of a fraction are found as zod 4 finds them', () => {
  const schema = z.number().multipleOf(0.01)
  for (const value of [0, 0.1, 0.3, 1.15, 0.015, 2.03, 1e21, 5e-324, -0.07])
    assert.equal(
      validate(jsonSchemaOf(schema, 'input'), value).ok,
      schema.safeParse(value).success,
      String(value),
    )
})
