// leaf3.ts — zod 3's strings, numbers and literals through zod-to-json-schema, check by check so that none is lost. Leaves everything with members to read3.ts.
import { z } from 'zod'
import { datetimeRegex, ZodFirstPartyTypeKind as Kind, ZodNumber, ZodString } from 'zod/v3'
import type * as z3 from 'zod/v3'
import { zodPatterns, zodToJsonSchema } from 'zod-to-json-schema'
import type { Json, JsonObject } from '../plan/json.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'
import { conjunction, constraintsOf } from './constraints.ts'
import { refuseFlags, refuseFormat, refuseNumber, requirePlainLiteral } from './leaf4.ts'
import { refuse, refuseChange } from './refusal.ts'

export type Leaf3 =
  | z3.ZodString
  | z3.ZodNumber
  | z3.ZodBoolean
  | z3.ZodNull
  | z3.ZodNever
  | z3.ZodEnum<[string, ...string[]]>
  | z3.ZodNativeEnum<z3.EnumLike>
  | z3.ZodLiteral<unknown>

export function leaf3(schema: Leaf3, at: string): JsonObject {
  const def = schema._def
  switch (def.typeName) {
    case Kind.ZodString:
      return stringLeaf(schema as z3.ZodString, at) // `typeName` says so
    case Kind.ZodNumber:
      return numberLeaf(schema as z3.ZodNumber, at) // `typeName` says so
    case Kind.ZodLiteral:
      requirePlainLiteral(def.value, at)
      return def.value === null ? { type: 'null' } : convert(schema) // zod-to-json-schema makes an object of null
    case Kind.ZodBoolean:
      if (def.coerce) refuseChange(at, 'z.coerce.boolean()')
      return convert(schema)
    default:
      return convert(schema)
  }
}

function convert(schema: z3.ZodTypeAny): JsonObject {
  return constraintsOf(
    zodToJsonSchema(schema, {
      target: 'jsonSchema7',
      $refStrategy: 'none',
      emailStrategy: 'pattern:zod',
      patternStrategy: 'preserve',
    }) as JsonObject, // it is JSON
  )
}

/** One conversion a check, joined: given several of a kind, zod-to-json-schema keeps only the last. */
function stringLeaf(schema: z3.ZodString, at: string): JsonObject {
  const def: z3.ZodStringDef & { [ARTIFACT_KEYWORD]?: Json } = schema._def // artifact3.ts adds the member
  if (def.coerce) refuseChange(at, 'z.coerce.string()')
  const parts = def.checks.map((check): JsonObject => {
    const pattern = patternOf(check, at)
    return pattern !== null
      ? { pattern }
      : convertCheck(new ZodString({ ...def, checks: [check] }), check.kind, at)
  })
  const kind = def[ARTIFACT_KEYWORD]
  return conjunction([
    { type: 'string' },
    ...parts,
    ...(kind === undefined ? [] : [{ [ARTIFACT_KEYWORD]: kind }]),
  ])
}

/** The pattern zod 3 tests for, where zod-to-json-schema gives none, a different one or (`startsWith('w')`) a wrong one. */
function patternOf(check: z3.ZodStringCheck, at: string): string | null {
  switch (check.kind) {
    case 'min':
      return `^[\\s\\S]{${lengthOf(check, at)},}$`
    case 'max':
      return `^[\\s\\S]{0,${lengthOf(check, at)}}$`
    case 'length':
      return `^[\\s\\S]{${lengthOf(check, at)}}$`
    case 'email':
    case 'url':
    case 'cuid':
    case 'cuid2':
    case 'nanoid':
      return null
    case 'regex':
      if (!/^[dg]*$/.test(check.regex.flags)) refuseFlags(at)
      return null
    case 'uuid':
      return zodPatterns.uuid.source
    case 'datetime':
      return datetimeRegex(check).source
    case 'date':
      return z.core.regexes.date.source
    case 'startsWith':
      return `^${z.core.util.escapeRegex(check.value)}`
    case 'endsWith':
      return `${z.core.util.escapeRegex(check.value)}$`
    case 'includes':
      if (check.position !== undefined)
        refuseFormat(at, 'includes() with a position', 'say it with .regex(…)')
      return z.core.util.escapeRegex(check.value)
    case 'trim':
    case 'toLowerCase':
    case 'toUpperCase':
      return refuseChange(at, `${check.kind}()`)
    default:
      return refuseFormat(at, `the format '${check.kind}'`, 'use zod 4, or say it with .regex(…)')
  }
}

/** zod 3 counts UTF-16 code units, minLength counts characters; a pattern without flags counts as zod 3 does. */
function lengthOf(check: { readonly kind: string; readonly value: number }, at: string): number {
  const longest = 1_000_000 // what V8 still compiles
  if (!Number.isInteger(check.value) || check.value < 0 || check.value > longest)
    refuseNumber(at, `${check.kind}(${check.value})`)
  return check.value
}

function numberLeaf(schema: z3.ZodNumber, at: string): JsonObject {
  const def = schema._def
  if (def.coerce) refuseChange(at, 'z.coerce.number()')
  const parts = def.checks.map((check): JsonObject => {
    if (check.kind === 'finite') return {} // every JSON number is
    if (check.kind !== 'int' && !Number.isFinite(check.value)) refuseNumber(at, `the bound ${check.value}`)
    if (check.kind === 'multipleOf')
      refuseFormat(at, 'multipleOf() of zod 3, which is wrong for large numbers', 'use zod 4, or .int()')
    return convertCheck(new ZodNumber({ ...def, checks: [check] }), check.kind, at)
  })
  const whole = def.checks.some((check) => check.kind === 'int')
  return conjunction([{ type: whole ? 'integer' : 'number' }, ...parts])
}

/** What the one check of the schema says, besides `type`. */
function convertCheck(schema: z3.ZodTypeAny, kind: string, at: string): JsonObject {
  const { type: _type, ...said } = convert(schema)
  if (kind !== 'int' && Object.keys(said).length === 0)
    refuse('TN2008', at, `lost its check '${kind}' in conversion`, 'use zod 4, or say it with .regex(…)')
  return said
}
