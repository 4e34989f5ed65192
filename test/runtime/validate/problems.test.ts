// problems.test.ts — a refused document is explained in words that a person can act on.
import assert from 'node:assert/strict'
import test from 'node:test'
import { z } from 'zod'
import { tree } from '../../../dsl/schema/artifact.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'
import { validate } from '../../../runtime/validate/validate.ts'

function assertProblems(schema: z.ZodType, document: unknown, ...expected: readonly string[]): void {
  const result = validate(jsonSchemaOf(schema, 'input'), document)
  assert.deepEqual(
    result.ok ? ['accepted'] : result.problems.map(({ pointer, message }) => `${pointer} ${message}`),
    expected,
  )
}

test('a value of another kind is named with what was expected', () => {
  assertProblems(z.string(), 3, ' expected string, found number 3')
  assertProblems(z.int(), 1.5, ' expected integer, found number 1.5')
  assertProblems(z.object({}), [1, 2], ' expected object, found a list of 2')
  assertProblems(z.array(z.string()), { a: 1 }, ' expected list, found an object')
  assertProblems(tree(), null, ' expected the path of a tree, found null')
  assertProblems(z.never(), 'x', ' expected nothing, found string "x"')
  assertProblems(z.null(), 'x'.repeat(100), ` expected null, found string "${'x'.repeat(59)}…`)
})

test('literals and enums list what is allowed', () => {
  assertProblems(z.literal('a'), 'b', ' expected "a", found string "b"')
  assertProblems(z.enum(['a', 'b', 'c']), 'd', ' expected "a", "b" or "c", found string "d"')
  assertProblems(z.literal([1, true, null]), 2, ' expected 1, true or null, found number 2')
})

test('bounds, patterns and formats say what they ask for', () => {
  assertProblems(z.string().min(3), 'ab', ' expected at least 3 characters, found string "ab"')
  assertProblems(z.string().max(1), 'ab', ' expected at most 1 characters, found string "ab"')
  assertProblems(z.string().regex(/^v\d/), 'x', ' expected text that matches /^v\\d/, found string "x"')
  assertProblems(z.url(), 'x', ' expected a URL without space around, found string "x"')
  assertProblems(z.number().min(1), 0, ' expected a number >= 1, found number 0')
  assertProblems(z.number().lt(1), 1, ' expected a number < 1, found number 1')
  assertProblems(z.number().multipleOf(3), 4, ' expected a multiple of 3, found number 4')
  assertProblems(z.array(z.null()).min(2), [null], ' expected at least 2 items, found a list of 1')
  assertProblems(z.tuple([z.null()]), [null, null], ' expected at most 1 items, found a list of 2')
})

test('all problems are told, each with its pointer', () => {
  const schema = z.strictObject({
    a: z.string(),
    'b/c': z.array(z.int()),
    d: z.record(z.string().min(2), z.boolean()),
  })
  assertProblems(
    schema,
    { 'b/c': [1, 'x', 2.5], d: { k: true, kk: 1 }, e: 1 },
    '/a is missing, expected string',
    '/b~1c/1 expected integer, found string "x"',
    '/b~1c/2 expected integer, found number 2.5',
    '/d/k has a name that is not allowed here',
    '/d/kk expected boolean, found number 1',
    '/e is not a known member; known: a, b/c, d',
  )
})

test('of a union of kinds all kinds are named', () => {
  assertProblems(z.union([z.string(), z.array(z.string())]), 3, ' expected string or list, found number 3')
  assertProblems(
    z.object({ a: z.enum(['x', 'y']).nullable() }),
    { a: 1 },
    '/a expected "x", "y" or null, found number 1',
  )
})

test('of a union the branch that was meant is explained', () => {
  const schema = z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('url'), url: z.string(), hash: z.string() }),
    z.object({ kind: z.literal('npm'), name: z.string() }),
  ])
  assertProblems(
    schema,
    { kind: 'url', url: 1 },
    '/hash is missing, expected string',
    '/url expected string, found number 1',
  )
  assertProblems(schema, { kind: 'git' }, '/kind expected "url" or "npm", found string "git"')
  assertProblems(
    z.array(z.object({ n: z.int() })).nullable(),
    [{ n: 1 }, {}],
    '/1/n is missing, expected integer',
  )
})

test('of a union without tags the branch with the fewest problems is explained', () => {
  const schema = z.union([
    z.object({ a: z.string(), b: z.string(), c: z.string() }),
    z.object({ a: z.string(), z: z.int() }),
  ])
  assertProblems(schema, { a: 'x', z: 'y' }, '/z expected integer, found string "y"')
})
