// read4.ts — what a zod 4 (or zod/mini) schema says, as a Shape. Leaves the members to the caller.
import { z } from 'zod'
import { absentFrom, requireDefault, type Parsed } from './absent.ts'
import { isNote, leaf4 } from './leaf4.ts'
import { refuse, refuseChange, refuseCheck, refuseKind } from './refusal.ts'
import type { Absent, Field, Rest, Shape } from './shape.ts'

type Schema4 = z.core.$ZodTypes

export function isZod4(schema: unknown): schema is Schema4 {
  return typeof schema === 'object' && schema !== null && '_zod' in schema
}

export function read4(schema: Schema4, at: string): Shape {
  const type = schema._zod.def.type
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'never':
    case 'enum':
    case 'literal':
    case 'template_literal':
      return { kind: 'leaf', json: leaf4(schema as Parameters<typeof leaf4>[0], at) } // `type` says so
    default:
      requireNoChecks(schema, at)
      return readMembers(schema, at)
  }
}

function readMembers(schema: Schema4, at: string): Shape {
  const def = schema._zod.def
  switch (def.type) {
    case 'any':
    case 'unknown':
      return { kind: 'anything' }
    case 'default':
    case 'prefault':
      requireDefault(parseAbsent(schema), at)
      return { kind: 'same', inner: def.innerType }
    case 'optional':
    case 'nonoptional':
    case 'readonly':
      return { kind: 'same', inner: def.innerType }
    case 'lazy':
      return { kind: 'same', inner: (schema as z.core.$ZodLazy)._zod.innerType } // `type` says so
    case 'nullable':
      return { kind: 'nullable', inner: def.innerType }
    case 'array':
      return { kind: 'list', item: def.element, bounds: listBounds(def.checks) }
    case 'object':
      return { kind: 'object', fields: fieldsOf(def, at), rest: restOf(def.catchall) }
    case 'tuple':
      return readTuple(def, at)
    case 'record':
      return readRecord(def, at)
    case 'union':
      return readUnion(def, at)
    case 'intersection':
      return { kind: 'allOf', sides: [def.left, def.right] }
    case 'transform':
      return refuseChange(at, 'transform() or preprocess()')
    case 'pipe':
      return refuseChange(at, 'pipe(), transform(), preprocess(), stringbool() or a codec')
    case 'catch':
      return refuseChange(at, 'catch()')
    default:
      return refuseKind(at, def.type)
  }
}

const LIST_CHECKS = new Set(['min_length', 'max_length', 'length_equals'])

function requireNoChecks(schema: Schema4, at: string): void {
  const { type, checks = [] } = schema._zod.def
  for (const { _zod } of checks)
    if (!isNote(_zod.def) && !(type === 'array' && LIST_CHECKS.has(_zod.def.check)))
      if (_zod.def.check === 'overwrite') refuseChange(at, 'overwrite()')
      else refuseCheck(at)
}

function listBounds(checks: readonly z.core.$ZodCheck[] = []): { minItems?: number; maxItems?: number } {
  let [least, most] = [0, Infinity]
  for (const { _zod } of checks as z.core.$ZodChecks[]) {
    const def = _zod.def
    if (def.check === 'min_length') least = Math.max(least, def.minimum)
    else if (def.check === 'max_length') most = Math.min(most, def.maximum)
    else if (def.check === 'length_equals') {
      least = Math.max(least, def.length)
      most = Math.min(most, def.length)
    }
  } // only the three of LIST_CHECKS and notes come here
  return { ...(least > 0 && { minItems: least }), ...(most < Infinity && { maxItems: most }) }
}

function fieldsOf(def: z.core.$ZodObjectDef, at: string): Field[] {
  if (Object.getOwnPropertySymbols(def.shape).length > 0) refuseKind(at, 'symbol')
  return Object.entries(def.shape).map(([name, schema]) => ({
    name,
    schema,
    absent: absentMember(schema, `${at}.${name}`),
  }))
}

/** As zod 4's object does: `optin` decides whether absence is allowed at all, then the schema what it gives. */
function absentMember(schema: z.core.$ZodType, at: string): Absent {
  if (!isZod4(schema) || schema._zod.optin === undefined) return { kind: 'missing' }
  if (schema._zod.optin === 'optional' && schema._zod.optout === 'optional') return { kind: 'allowed' }
  return absentFrom(parseAbsent(schema), at)
}

function parseAbsent(schema: z.core.$ZodType): Parsed {
  try {
    return z.core.safeParse(schema, undefined)
  } catch (error) {
    return { success: false, error: error as Error } // zod throws its own errors
  }
}

function restOf(catchall: z.core.$ZodType | undefined): Rest {
  if (catchall === undefined) return { kind: 'dropped' }
  const type = catchall._zod.def.type
  if (type === 'never') return { kind: 'refused' }
  return type === 'unknown' || type === 'any' ? { kind: 'kept' } : { kind: 'checked', by: catchall }
}

function readTuple(def: z.core.$ZodTupleDef, at: string): Shape {
  def.items.forEach((item, i) => {
    if (!isZod4(item)) return // refused when it is read
    if (item._zod.optin !== undefined || (def.rest !== null && parseAbsent(item).success))
      refuse(
        'TN2009',
        `${at}[${i}]`,
        'is a tuple item that may be absent',
        'use an object, or z.union() of two tuples',
      )
  })
  return { kind: 'tuple', items: def.items, rest: def.rest }
}

function readRecord(def: z.core.$ZodRecordDef, at: string): Shape {
  if (def.mode === 'loose') refuse('TN2009', at, 'is a loose record', 'use z.looseObject() or .catchall()')
  const names = isZod4(def.keyType) ? def.keyType._zod.values : undefined
  if (names === undefined) return { kind: 'record', key: def.keyType, value: def.valueType }
  const fields = [...names].map((name): Field => {
    if (typeof name !== 'string' && typeof name !== 'number') return refuseKind(at, 'symbol')
    const path = `${at}.${name}`
    const absent: Absent = def.partial ? { kind: 'allowed' } : absentFrom(parseAbsent(def.valueType), path)
    return { name: String(name), schema: def.valueType, absent }
  })
  return { kind: 'object', fields, rest: { kind: 'refused' } }
}

function readUnion(def: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef, at: string): Shape {
  if (!('discriminator' in def)) {
    if (def.inclusive === false) refuse('TN2009', at, 'is z.xor()', 'use z.discriminatedUnion()')
    return { kind: 'anyOf', options: def.options }
  }
  if (def.unionFallback) refuse('TN2009', at, 'is a discriminated union with a fallback', 'use z.union()')
  for (const option of def.options)
    if (option._zod.propValues?.[def.discriminator]?.has(undefined))
      refuse(
        'TN2009',
        at,
        `lets '${def.discriminator}', its discriminator, be absent`,
        'make it a plain literal',
      )
  return { kind: 'anyOf', options: def.options }
}
