// merge.ts — one document from what the sides of an intersection each hand on. Leaves which sides there are to normalise.ts.
import type { Json, JsonObject } from '../../dsl/plan/json.ts'

/** Members of both; `undefined` when the sides disagree, as only two different defaults can. */
export function merge(a: Json, b: Json): Json | undefined {
  if (a === b) return a
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) return undefined
    const items = a.map((item, i) => merge(item, b[i] as Json)) // same length
    return items.includes(undefined) ? undefined : (items as Json[]) // just checked
  }
  return isRecord(a) && isRecord(b) ? mergeRecords(a, b) : undefined
}

function mergeRecords(a: JsonObject, b: JsonObject): JsonObject | undefined {
  const merged: Record<string, Json> = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const member = Object.hasOwn(a, key) ? merge(a[key] as Json, value) : value // it has the key
    if (member === undefined) return undefined
    merged[key] = member
  }
  return merged
}

export function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
export function isRecord(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
