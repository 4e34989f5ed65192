// explain.ts — why a document is refused, in words. Leaves deciding that it is to compile.ts, unions to closest.ts.
import { pointerToken, type Json, type JsonObject } from '../../dsl/plan/json.ts'
import { closest, type Finding } from './closest.ts'
import type { Compiled } from './compile.ts'
import { alternatives, describeError, describeValue, inWords } from './describe.ts'
import { isList, isRecord } from './merge.ts'
import type { Problem } from './problem.ts'

/** Never empty: only refused documents come here. */
export function explain(compiled: Compiled, value: Json): readonly Problem[] {
  return find(compiled.root, value, '', compiled).map(({ pointer, message }) => ({ pointer, message }))
}

function find(schema: JsonObject, value: Json, pointer: string, compiled: Compiled): readonly Finding[] {
  if (compiled.accepts(schema, value)) return []
  if (typeof schema.$ref === 'string') return find(compiled.definition(schema.$ref), value, pointer, compiled)
  if (schema.anyOf !== undefined) {
    const options = schema.anyOf as readonly JsonObject[] // as the draft has it
    const branches = options.map((option) => find(option, value, pointer, compiled))
    return closest(branches, mismatch(schema, value, pointer, 'kind', compiled), value)
  }
  if (!isOfType(value, schema.type)) return [mismatch(schema, value, pointer, 'kind', compiled)]
  if (schema.const !== undefined || schema.enum !== undefined || schema.not !== undefined)
    return [mismatch(schema, value, pointer, 'literal', compiled)]
  const sides = (schema.allOf ?? []) as readonly JsonObject[] // as the draft has it
  return [
    ...sides.flatMap((side) => find(side, value, pointer, compiled)),
    ...findHere(schema, value, pointer, compiled),
    ...(isList(value) ? findInList(schema, value, pointer, compiled) : []),
    ...(isRecord(value) ? findInRecord(schema, value, pointer, compiled) : []),
  ]
}

function isOfType(value: Json, type: Json | undefined): boolean {
  if (typeof type !== 'string') return true
  if (type === 'null') return value === null
  if (type === 'array') return isList(value)
  if (type === 'object') return isRecord(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function mismatch(
  schema: JsonObject,
  value: Json,
  pointer: string,
  kind: Finding['kind'],
  compiled: Compiled,
): Finding {
  const expected = alternatives(schema, compiled)
  return { pointer, kind, expected, message: `expected ${inWords(expected)}, found ${describeValue(value)}` }
}

/** Keywords about the value itself; members and items are looked at on their own. */
const ABOUT_MEMBERS = new Set([
  'required',
  'additionalProperties',
  'additionalItems',
  'propertyNames',
  'properties',
  'items',
  'allOf',
])

function findHere(schema: JsonObject, value: Json, pointer: string, compiled: Compiled): readonly Finding[] {
  const own = Object.entries(schema).filter(([keyword]) => !ABOUT_MEMBERS.has(keyword))
  // Alone in a fresh schema, so that each error is of a keyword of this one.
  const errors = compiled.errorsOf(Object.fromEntries(own), value)
  return errors.map((error) => ({
    pointer,
    kind: 'other',
    expected: [],
    message: describeError(error, value),
  }))
}

function findInList(
  schema: JsonObject,
  value: readonly Json[],
  pointer: string,
  compiled: Compiled,
): readonly Finding[] {
  const { items, additionalItems } = schema
  return value.flatMap((item, i) => {
    const by = Array.isArray(items) ? ((items as readonly Json[])[i] ?? additionalItems) : items // as the draft has it
    // Without a schema for it an item is allowed; a tuple's surplus is reported by its length.
    return typeof by === 'object' ? find(by as JsonObject, item, pointer + pointerToken(i), compiled) : [] // just checked
  })
}

function findInRecord(
  schema: JsonObject,
  value: JsonObject,
  pointer: string,
  compiled: Compiled,
): readonly Finding[] {
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>> // as the draft has it
  const missing = ((schema.required ?? []) as readonly string[]) // as the draft has it
    .filter((name) => !Object.hasOwn(value, name))
    .map((name): Finding => {
      const expected = alternatives(properties[name] ?? {}, compiled)
      return other(pointer + pointerToken(name), `is missing, expected ${inWords(expected)}`)
    })
  const present = Object.entries(value).flatMap(([name, member]): readonly Finding[] => {
    const at = pointer + pointerToken(name)
    if (
      typeof schema.propertyNames === 'object' &&
      !compiled.accepts(schema.propertyNames as JsonObject, name)
    )
      // as the draft has it
      return [other(at, 'has a name that is not allowed here')]
    const by = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties
    if (by === false)
      return [other(at, `is not a known member; known: ${Object.keys(properties).join(', ') || 'none'}`)]
    return typeof by === 'object' ? find(by as JsonObject, member, at, compiled) : [] // just checked
  })
  return [...missing, ...present]
}

function other(pointer: string, message: string): Finding {
  return { pointer, kind: 'other', expected: [], message }
}
