// read3.ts — what a zod 3 schema says, as a Shape. Leaves the members to the caller.
import { ZodFirstPartyTypeKind as Kind } from 'zod/v3'
import type * as z3 from 'zod/v3'
import type { JsonObject } from '../plan/json.ts'
import { absentFrom, requireDefault, type Parsed } from './absent.ts'
import { leaf3 } from './leaf3.ts'
import { refuseChange, refuseCheck, refuseKind } from './refusal.ts'
import type { Field, Rest, Shape } from './shape.ts'

type Schema3 = z3.ZodFirstPartySchemaTypes

export function isZod3(schema: unknown): schema is Schema3 {
  if (typeof schema !== 'object' || schema === null || '_zod' in schema || !('_def' in schema)) return false
  const def = schema._def
  return typeof def === 'object' && def !== null && 'typeName' in def && typeof def.typeName === 'string'
}

export function read3(schema: Schema3, at: string): Shape {
  const def = schema._def
  switch (def.typeName) {
    case Kind.ZodString:
    case Kind.ZodNumber:
    case Kind.ZodBoolean:
    case Kind.ZodNull:
    case Kind.ZodNever:
    case Kind.ZodEnum:
    case Kind.ZodNativeEnum:
    case Kind.ZodLiteral:
      return { kind: 'leaf', json: leaf3(schema as Parameters<typeof leaf3>[0], at) } // `typeName` says so
    case Kind.ZodAny:
    case Kind.ZodUnknown:
      return { kind: 'anything' }
    case Kind.ZodDefault:
      requireDefault(parseAbsent(schema), at)
      return { kind: 'same', inner: def.innerType }
    case Kind.ZodOptional:
    case Kind.ZodReadonly:
      return { kind: 'same', inner: def.innerType }
    case Kind.ZodBranded:
      return { kind: 'same', inner: def.type }
    case Kind.ZodLazy:
      return { kind: 'same', inner: def.getter() }
    case Kind.ZodNullable:
      return { kind: 'nullable', inner: def.innerType }
    default:
      return readMembers(def, at)
  }
}

function readMembers(def: Schema3['_def'], at: string): Shape {
  switch (def.typeName) {
    case Kind.ZodArray:
      return { kind: 'list', item: def.type, bounds: listBounds(def) }
    case Kind.ZodObject:
      return { kind: 'object', fields: fieldsOf(def.shape(), at), rest: restOf(def) }
    case Kind.ZodTuple:
      return { kind: 'tuple', items: def.items, rest: def.rest }
    case Kind.ZodRecord:
      return { kind: 'record', key: def.keyType, value: def.valueType }
    case Kind.ZodUnion:
      return { kind: 'anyOf', options: def.options }
    case Kind.ZodDiscriminatedUnion:
      return { kind: 'anyOf', options: [...def.options] }
    case Kind.ZodIntersection:
      return { kind: 'allOf', sides: [def.left, def.right] }
    case Kind.ZodEffects:
      return def.effect.type === 'refinement' ? refuseCheck(at) : refuseChange(at, `${def.effect.type}()`)
    case Kind.ZodPipeline:
      return refuseChange(at, 'pipe()')
    case Kind.ZodCatch:
      return refuseChange(at, 'catch()')
    default:
      // `ZodNaN` → `nan`
      return refuseKind(at, String(def.typeName).replace(/^Zod/, '').toLowerCase())
  }
}

function listBounds(def: z3.ZodArrayDef): JsonObject {
  const least = Math.max(def.minLength?.value ?? 0, def.exactLength?.value ?? 0)
  const most = Math.min(def.maxLength?.value ?? Infinity, def.exactLength?.value ?? Infinity)
  return { ...(least > 0 && { minItems: least }), ...(most < Infinity && { maxItems: most }) }
}

function fieldsOf(shape: z3.ZodRawShape, at: string): Field[] {
  return Object.entries(shape).map(([name, schema]) => ({
    name,
    schema,
    absent: absentFrom(parseAbsent(schema), `${at}.${name}`),
  }))
}

function parseAbsent(schema: z3.ZodTypeAny): Parsed {
  try {
    return schema.safeParse(undefined)
  } catch (error) {
    return { success: false, error: error as Error } // zod throws its own errors
  }
}

function restOf(def: z3.ZodObjectDef): Rest {
  const typeName: Kind = (def.catchall as Schema3)._def.typeName // zod's own kinds
  if (typeName !== Kind.ZodNever) return { kind: 'checked', by: def.catchall }
  if (def.unknownKeys === 'strict') return { kind: 'refused' }
  return { kind: def.unknownKeys === 'passthrough' ? 'kept' : 'dropped' }
}
