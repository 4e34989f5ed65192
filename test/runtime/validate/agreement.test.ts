// agreement.test.ts — zod and the validator accept the same documents and hand on the same ones.
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { canonicalJson, type Json } from '../../../dsl/plan/json.ts'
import type { JsonSchema } from '../../../dsl/plan/plan.ts'
import { jsonSchemaOf } from '../../../dsl/schema/convert.ts'
import { validate } from '../../../runtime/validate/validate.ts'
import { make3 } from './make3.ts'
import { make4 } from './make4.ts'
import { near } from './near.ts'
import { recipe, type Recipe } from './recipe.ts'

interface Zod {
  safeParse(value: unknown): { readonly success: boolean; readonly data?: unknown }
}
const seed = Number(process.env.TENON_TEST_SEED ?? 20260411) // another one looks elsewhere; a failure prints it
const numRuns = Number(process.env.TENON_TEST_RUNS ?? 100)

const tried = recipe.chain((of) =>
  fc.tuple(fc.constant(of), fc.array(near(of), { minLength: 6, maxLength: 6 })),
)

for (const [name, make] of [
  ['zod 4', make4],
  ['zod 3', make3],
] as const)
  test(`${name} and its JSON Schema accept the same documents and hand on the same ones`, () => {
    const counts = { refusedSchemas: 0, accepted: 0, refused: 0 }
    const compare = ([of, values]: [Recipe, Json[]]) => {
      const zod: Zod = make(of)
      const schema = converted(zod)
      if (schema === null) return void counts.refusedSchemas++
      for (const value of values) counts[agree(zod, schema, value) ? 'accepted' : 'refused']++
    }
    fc.assert(fc.property(tried, compare), { seed, numRuns })
    // The comparison must have had something to compare.
    const compared = counts.accepted + counts.refused
    assert.ok(counts.refusedSchemas < numRuns / 4, `too many schemas are refused: ${counts.refusedSchemas}`)
    assert.ok(
      Math.min(counts.accepted, counts.refused) > compared / 5,
      `one-sided: ${JSON.stringify(counts)}`,
    )
  })

/** `null` where docs/schemas.md says that the construct is refused because the two would disagree. */
function converted(zod: Zod): JsonSchema | null {
  try {
    return jsonSchemaOf(zod, 'input')
  } catch (error) {
    if (error instanceof CodedError && error.code === 'TN2009') return null
    throw error
  }
}

function agree(zod: Zod, schema: JsonSchema, value: Json): boolean {
  const parsed = parse(zod, value)
  const validated = validate(schema, value)
  const context = () => `${JSON.stringify(value)} by ${JSON.stringify(schema)}: ${JSON.stringify(validated)}`
  assert.equal(validated.ok, parsed.success, context())
  if (validated.ok) assert.equal(canonicalJson(validated.document), canonicalJson(parsed.data), context())
  else assert.ok(validated.problems.length > 0, `nothing is said of ${context()}`)
  return validated.ok
}

function parse(zod: Zod, value: Json): { readonly success: boolean; readonly data?: unknown } {
  try {
    return zod.safeParse(value)
  } catch (error) {
    // zod 4 throws where the sides of an intersection fill in different defaults.
    if (error instanceof Error && error.message.startsWith('Unmergable')) return { success: false }
    throw error
  }
}
