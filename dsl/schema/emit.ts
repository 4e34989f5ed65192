// emit.ts — from a zod schema's shapes to one JSON Schema document. Leaves reading a schema to read3.ts and read4.ts.
import { byCodeUnit, type Json, type JsonObject } from '../plan/json.ts'
import { ARTIFACT_KEYWORD, STRIP_KEYWORD } from '../plan/schema.ts'
import { isZod3, read3 } from './read3.ts'
import { isZod4, read4 } from './read4.ts'
import { refuse } from './refusal.ts'
import type { Field, Rest, Shape } from './shape.ts'

interface Emission {
  /** Neither zod can parse with schemas of the other inside. */
  readonly generation: 3 | 4
  /** Schemas that contain what is being emitted, and their names once something in them refers back. */
  readonly open: Map<unknown, { name: string | null }>
  /** Recursive schemas that are done. */
  readonly named: Map<unknown, string>
  readonly definitions: Record<string, JsonObject>
  /** How many schemas refer to themselves so far. */
  count: number
}

const DEEPEST = 100

/** Draft-07. Recursion is by `$ref` into the document's own `definitions`; all else stands in place. */
export function emit(schema: unknown): JsonObject {
  const emission: Emission = {
    generation: isZod4(schema) ? 4 : 3,
    open: new Map(),
    named: new Map(),
    definitions: {},
    count: 0,
  }
  const json = emitAt(schema, '', emission)
  return Object.keys(emission.definitions).length === 0
    ? json
    : { ...json, definitions: emission.definitions }
}

function emitAt(schema: unknown, at: string, emission: Emission): JsonObject {
  const done = emission.named.get(schema)
  if (done !== undefined) return refTo(done)
  const around = emission.open.get(schema)
  if (around !== undefined) return refTo((around.name ??= `r${emission.count++}`))
  if (emission.open.size >= DEEPEST)
    refuse(
      'TN2009',
      at,
      `is more than ${DEEPEST} schemas deep`,
      'let a recursive schema refer to one and the same value',
    )
  const mark: { name: string | null } = { name: null }
  emission.open.set(schema, mark)
  const json = emitShape(read(schema, at, emission), at, emission)
  emission.open.delete(schema)
  if (mark.name === null) return json
  emission.named.set(schema, mark.name)
  emission.definitions[mark.name] = json
  return refTo(mark.name)
}

function refTo(name: string): JsonObject {
  return { $ref: `#/definitions/${name}` }
}

function read(schema: unknown, at: string, { generation }: Emission): Shape {
  if (generation === 4 && isZod4(schema)) return read4(schema, at)
  if (generation === 3 && isZod3(schema)) return read3(schema, at)
  if (!isZod3(schema) && !isZod4(schema))
    refuse('TN2002', at, 'is no zod schema', 'give a schema of zod here')
  const hint =
    "write the whole schema in one; for artifacts in zod 3 take file3(), tree3(), workTree3() of 'tenon'"
  return refuse('TN2009', at, `is a schema of zod ${7 - generation} inside one of zod ${generation}`, hint)
}

function emitShape(shape: Shape, at: string, emission: Emission): JsonObject {
  switch (shape.kind) {
    case 'anything':
      return {}
    case 'leaf':
      if (Object.keys(shape.json).length > 0) return shape.json
      return refuse(
        'TN2008',
        at,
        'lost all its constraints in conversion',
        'use another kind, or z.unknown()',
      )
    case 'same':
      return emitAt(shape.inner, at, emission)
    case 'nullable':
      return { anyOf: [emitAt(shape.inner, at, emission), { type: 'null' }] }
    case 'object':
      return emitObject(shape.fields, shape.rest, at, emission)
    case 'list':
      return { type: 'array', items: emitAt(shape.item, `${at}[]`, emission), ...shape.bounds }
    case 'tuple':
      return emitTuple(shape.items, shape.rest, at, emission)
    case 'record':
      return emitRecord(shape.key, shape.value, at, emission)
    case 'anyOf':
      return { anyOf: shape.options.map((option) => emitAt(option, at, emission)) }
    case 'allOf':
      return emitIntersection(shape.sides, at, emission)
  }
}

function emitObject(fields: readonly Field[], rest: Rest, at: string, emission: Emission): JsonObject {
  const properties: [string, JsonObject][] = []
  const required: string[] = []
  // In the order of names, not of writing: a moved field must not rename definitions.
  for (const field of fields.toSorted((a, b) => byCodeUnit(a.name, b.name))) {
    const path = `${at}.${field.name}`
    if (field.name in {}) refuse('TN2009', path, 'has a name that every JavaScript object has', 'rename it')
    const json = emitAt(field.schema, path, emission)
    if (field.absent.kind === 'missing') required.push(field.name)
    properties.push([
      field.name,
      field.absent.kind === 'filled' ? withDefault(json, field.absent.value, path) : json,
    ])
  }
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...emitRest(rest, at, emission),
  }
}

function withDefault(json: JsonObject, value: Json, at: string): JsonObject {
  if (ARTIFACT_KEYWORD in json)
    refuse('TN2006', at, 'is an artifact with a default', 'make it optional, or take it from another step')
  return '$ref' in json ? { allOf: [json], default: value } : { ...json, default: value }
}

function emitRest(rest: Rest, at: string, emission: Emission): JsonObject {
  switch (rest.kind) {
    case 'dropped':
      return { [STRIP_KEYWORD]: true }
    case 'kept':
      return {}
    case 'refused':
      return { additionalProperties: false }
    case 'checked':
      return { additionalProperties: emitAt(rest.by, `${at}[*]`, emission) }
  }
}

function emitTuple(items: readonly unknown[], rest: unknown, at: string, emission: Emission): JsonObject {
  const fixed = items.map((item, i) => emitAt(item, `${at}[${i}]`, emission))
  if (rest !== null) {
    const more = emitAt(rest, `${at}[]`, emission)
    if (fixed.length === 0) return { type: 'array', items: more }
    return { type: 'array', items: fixed, additionalItems: more, minItems: fixed.length }
  }
  if (fixed.length === 0) return { type: 'array', maxItems: 0 }
  return {
    type: 'array',
    items: fixed,
    additionalItems: false,
    minItems: fixed.length,
    maxItems: fixed.length,
  }
}

function emitRecord(key: unknown, value: unknown, at: string, emission: Emission): JsonObject {
  const names = emitAt(key, `${at}(keys)`, emission)
  const values = emitAt(value, `${at}[*]`, emission)
  if (names.type !== 'string')
    refuse(
      'TN2009',
      at,
      'is a record whose keys are not plain strings',
      'use z.string(), with checks if need be, for the keys',
    )
  const plain = Object.keys(names).length === 1
  return { type: 'object', ...(!plain && { propertyNames: names }), additionalProperties: values }
}

/** zod 4 forgives one side's refusal of a key when the other side takes it; `allOf` does not. */
function emitIntersection(sides: readonly unknown[], at: string, emission: Emission): JsonObject {
  const emitted = sides.map((side) => emitAt(side, at, emission))
  if (emitted.some((side) => refusesKeys(side, emission.definitions)))
    refuse(
      'TN2009',
      at,
      'is an intersection with a side that refuses unknown keys',
      'write one object: z.strictObject({ ...a.shape, ...b.shape })',
    )
  return { allOf: emitted }
}

function refusesKeys(json: JsonObject, definitions: Emission['definitions']): boolean {
  if (json.additionalProperties === false || json.propertyNames !== undefined) return true
  const branches = [...((json.anyOf ?? []) as JsonObject[]), ...((json.allOf ?? []) as JsonObject[])] // emitted above
  if (branches.some((branch) => refusesKeys(branch, definitions))) return true
  const target =
    typeof json.$ref === 'string' ? definitions[json.$ref.slice('#/definitions/'.length)] : undefined
  return target !== undefined && refusesKeys(target, definitions)
}
