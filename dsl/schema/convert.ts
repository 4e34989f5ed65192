// convert.ts — the one door from zod to JSON Schema: either generation in, one canonical draft-07 document out. Leaves checking documents to runtime/validate.
import { CodedError } from '../plan/coded-error.ts'
import type { JsonObject } from '../plan/json.ts'
import type { JsonSchema } from '../plan/plan.ts'
import { emit } from './emit.ts'
import { isZod3 } from './read3.ts'
import { isZod4 } from './read4.ts'

export type SchemaRole = 'params' | 'input' | 'output'

/** One conversion a schema, however many uses a step has. */
const converted = new WeakMap<object, JsonObject>()

/**
 * The schema as a JSON Schema that accepts the same documents. Descriptions and other metadata are left out, and
 * members stand in the order of their names, so that neither documentation nor order of writing re-keys a step.
 * @param step names the step in messages.
 * @throws CodedError TN2001–TN2009 when the schema says something JSON Schema cannot.
 */
export function jsonSchemaOf(schema: unknown, role: SchemaRole, step?: string): JsonSchema {
  const owner = `${role} schema${step === undefined ? '' : ` of step '${step}'`}`
  if (!isZod4(schema) && !isZod3(schema))
    throw new CodedError('TN2001', `the ${owner} is ${whatIs(schema)}, not a zod schema`, {
      hint: "write it with z of the package 'zod'",
    })
  const json = converted.get(schema) ?? emitFor(schema, owner)
  converted.set(schema, json)
  if (role === 'output' && Object.keys(json).length === 0)
    throw new CodedError('TN2007', `the ${owner} accepts anything at all`, {
      hint: 'name the members that later steps may use: z.object({ … })',
    })
  return json
}

function emitFor(schema: unknown, owner: string): JsonObject {
  try {
    return emit(schema)
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    throw new CodedError(error.code, `the ${owner}: ${error.message}`, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error,
    })
  }
}

function whatIs(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  if ('~standard' in value) return 'a schema of another library'
  return Array.isArray(value) ? 'a list' : 'a plain object'
}
