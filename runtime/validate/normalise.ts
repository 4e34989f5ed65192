// normalise.ts — what is handed on of an accepted document: defaults in, unnamed members out, artifacts found. Leaves refusing to compile.ts.
import { pointerToken, type Json, type JsonObject } from '../../dsl/plan/json.ts'
import type { ArtifactKind } from '../../dsl/plan/plan.ts'
import { ARTIFACT_KEYWORD, STRIP_KEYWORD } from '../../dsl/plan/schema.ts'
import type { Compiled } from './compile.ts'
import { isList, isRecord, merge } from './merge.ts'
import type { Problem } from './problem.ts'

export interface FoundArtifact {
  readonly pointer: string
  readonly kind: ArtifactKind
  readonly path: string
}

export interface Walk {
  readonly compiled: Compiled
  readonly artifacts: Map<string, FoundArtifact> // by pointer: both sides of an intersection may name one
  /** Sides of an intersection that fill in different defaults. */
  readonly conflicts: Problem[]
}

/** `value` is accepted by `schema`. The result shares no object with the schema. */
export function normalise(schema: JsonObject, value: Json, pointer: string, walk: Walk): Json {
  if (typeof schema.$ref === 'string')
    return normalise(walk.compiled.definition(schema.$ref), value, pointer, walk)
  const kind = schema[ARTIFACT_KEYWORD]
  if (typeof kind === 'string' && typeof value === 'string')
    walk.artifacts.set(pointer, { pointer, kind: kind as ArtifactKind, path: value }) // the keyword's values
  if (typeof value !== 'object' || value === null) return value
  if (schema.anyOf !== undefined)
    return normaliseUnion(schema.anyOf as readonly JsonObject[], value, pointer, walk) // as the draft has it
  if (schema.allOf !== undefined)
    return normaliseSides(schema.allOf as readonly JsonObject[], value, pointer, walk) // as the draft has it
  if (isList(value)) return value.map((item, i) => normaliseItem(schema, item, i, pointer, walk))
  return isRecord(value) ? normaliseRecord(schema, value, pointer, walk) : value
}

/** The first branch that accepts, as zod takes it. */
function normaliseUnion(options: readonly JsonObject[], value: Json, pointer: string, walk: Walk): Json {
  const taken = options.find((option) => walk.compiled.accepts(option, value))
  return taken === undefined ? value : normalise(taken, value, pointer, walk)
}

function normaliseSides(sides: readonly JsonObject[], value: Json, pointer: string, walk: Walk): Json {
  const results = sides.map((side) => normalise(side, value, pointer, walk))
  return results.reduce((a, b) => {
    const merged = merge(a, b)
    if (merged === undefined)
      walk.conflicts.push({
        pointer,
        message: 'gets different defaults from the two sides of an intersection',
      })
    return merged ?? a
  })
}

function normaliseItem(schema: JsonObject, item: Json, i: number, pointer: string, walk: Walk): Json {
  const { items, additionalItems } = schema
  const by = isTuple(items) ? (items[i] ?? additionalItems) : items
  return isSchema(by) ? normalise(by, item, pointer + pointerToken(i), walk) : item
}

function normaliseRecord(schema: JsonObject, value: JsonObject, pointer: string, walk: Walk): JsonObject {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>> // as the draft has it
  const members: [string, Json][] = []
  for (const [name, by] of Object.entries(properties))
    if (Object.hasOwn(value, name))
      members.push([name, normalise(by, value[name] as Json, pointer + pointerToken(name), walk)]) // it has the member
    else if (by.default !== undefined) members.push([name, structuredClone(by.default)])
  if (schema[STRIP_KEYWORD] !== true)
    for (const [name, member] of Object.entries(value))
      if (!Object.hasOwn(properties, name))
        members.push([name, normaliseRest(schema, name, member, pointer, walk)])
  return Object.fromEntries(members)
}

function normaliseRest(schema: JsonObject, name: string, member: Json, pointer: string, walk: Walk): Json {
  const by = schema.additionalProperties
  return isSchema(by) ? normalise(by, member, pointer + pointerToken(name), walk) : member
}

function isTuple(items: Json | undefined): items is readonly JsonObject[] {
  return Array.isArray(items)
}
function isSchema(json: Json | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}
