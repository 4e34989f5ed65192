// object-schema.ts — what a JSON Schema says about the members of an object or list; null where it leaves that open.
import type { Json, JsonObject } from '../plan/json.ts'
import type { JsonSchema } from '../plan/plan.ts'
import { STRIP_KEYWORD } from '../plan/schema.ts'

export interface ObjectSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>
  /** Members that are always there once defaults are filled in. */
  readonly present: ReadonlySet<string>
  /** Whether no other members pass. */
  readonly closed: boolean
}

/** Schemas are shared by all uses of a step. */
const known = new WeakMap<JsonSchema, ObjectSchema | null>()

export function objectSchema(schema: JsonSchema): ObjectSchema | null {
  const found = known.get(schema)
  if (found !== undefined) return found
  const shape = readShape(schema)
  known.set(schema, shape)
  return shape
}

function readShape(schema: JsonSchema): ObjectSchema | null {
  const properties = schema['properties']
  if (schema['type'] !== 'object' || properties === undefined || !isObject(properties)) return null
  const members = Object.fromEntries(Object.entries(properties).filter(isMember))
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : []
  const withDefault = Object.keys(members).filter((key) => members[key]?.['default'] !== undefined)
  return {
    properties: members,
    present: new Set([...required, ...withDefault]),
    closed: schema[STRIP_KEYWORD] === true || schema['additionalProperties'] === false,
  }
}

/** The schema of each item of a list. */
export function itemSchema(schema: JsonSchema): JsonSchema | null {
  const items = schema['items']
  return schema['type'] === 'array' && items !== undefined && isObject(items) ? items : null
}

/** A plain object, of this realm or another. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function isMember(entry: [string, Json]): entry is [string, JsonObject] {
  return isObject(entry[1])
}
