// leaf4.ts — zod 4's strings, numbers and literals through zod 4's own conversion, after a look at what it would lose. Leaves everything with members to read4.ts.
import { z } from 'zod'
import type { Json, JsonObject } from '../plan/json.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'
import { constraintsOf } from './constraints.ts'
import { refuse, refuseChange, refuseCheck } from './refusal.ts'

export type Leaf4 =
  | z.core.$ZodString
  | z.core.$ZodNumber
  | z.core.$ZodBoolean
  | z.core.$ZodNull
  | z.core.$ZodNever
  | z.core.$ZodEnum
  | z.core.$ZodLiteral
  | z.core.$ZodTemplateLiteral

/** Of these formats zod checks nothing but the pattern that it writes into the JSON Schema. */
const PATTERN_FORMATS = new Set(
  (
    'regex lowercase uppercase includes starts_with ends_with email guid uuid nanoid cuid cuid2 ulid xid ksuid ' +
    'datetime date time duration ipv4 mac cidrv4 base64 base64url e164 hostname hex currency_code'
  ).split(' '),
)
const HASH_FORMAT = /^(md5|sha1|sha256|sha384|sha512)_(hex|base64|base64url)$/
/** Metadata of the user's must not reach the schema: it could overwrite a constraint, and documentation must not re-key. */
const NO_METADATA = z.registry<Record<string, never>>()

export function leaf4(schema: Leaf4, at: string): JsonObject {
  requireKept(schema, at)
  let converted: JsonObject
  try {
    converted = z.toJSONSchema(schema, {
      target: 'draft-7',
      io: 'input',
      metadata: NO_METADATA,
    }) as JsonObject // it is JSON
  } catch (error) {
    return refuse('TN2002', at, `cannot become JSON Schema: ${String(error)}`, 'use a plain kind')
  }
  const json = constraintsOf(converted)
  if (schema._zod.def.type !== 'string') return json
  const kind = z.globalRegistry.get(schema)?.[ARTIFACT_KEYWORD]
  const { format, ...rest } = json
  // Only a URL has no pattern of zod's; every other format is said exactly by its pattern.
  const text = format === 'uri' ? json : rest
  return kind === undefined ? text : { ...text, [ARTIFACT_KEYWORD]: kind as Json } // written by artifact.ts
}

function requireKept(schema: Leaf4, at: string): void {
  const def = schema._zod.def
  if ('coerce' in def && def.coerce === true) refuseChange(at, `z.coerce.${def.type}()`)
  if (def.type === 'template_literal' && (schema as z.core.$ZodTemplateLiteral)._zod.pattern.flags !== '')
    refuseFlags(at) // `type` says which schema it is
  if (def.type === 'literal') for (const value of def.values) requirePlainLiteral(value, at)
  for (const check of checksOf(schema)) requireKeptCheck(check, at)
}

/** A format schema (`z.email()`) is its own first check. */
function checksOf(schema: Leaf4): z.core.$ZodChecks[] {
  const own = schema._zod.traits.has('$ZodCheck') ? [schema as unknown as z.core.$ZodCheck] : [] // its trait says so
  return [...own, ...(schema._zod.def.checks ?? [])] as z.core.$ZodChecks[] // the union of zod's own; others fall to the default
}

function requireKeptCheck(check: z.core.$ZodChecks, at: string): void {
  const def = check._zod.def
  switch (def.check) {
    case 'string_format':
      return requireKeptFormat(def, at)
    case 'less_than':
    case 'greater_than':
      if (!Number.isFinite(def.value)) refuseNumber(at, `the bound ${String(def.value)}`)
      return
    case 'multiple_of':
      if (!Number.isFinite(def.value) || def.value === 0) refuseNumber(at, `the step ${String(def.value)}`)
      return
    case 'min_length':
    case 'max_length':
    case 'length_equals':
    case 'number_format':
      return
    case 'overwrite':
      return refuseChange(at, 'trim(), toLowerCase() or another overwrite')
    default:
      if (isNote(def)) return
      return refuseCheck(at)
  }
}

/** `.describe()` and `.meta()` of zod/mini come as checks that check nothing. */
export function isNote(def: { readonly check: string }): boolean {
  return def.check === 'describe' || def.check === 'meta'
}

function requireKeptFormat(def: z.core.$ZodCheckStringFormatDef, at: string): void {
  if (def.format === 'url') {
    if (['hostname', 'protocol', 'normalize'].some((option) => option in def))
      refuseFormat(at, 'a URL with conditions on its protocol or host', 'use z.url().regex(/^https:/)')
    return
  }
  if (!PATTERN_FORMATS.has(def.format) && !HASH_FORMAT.test(def.format))
    refuseFormat(
      at,
      `the format '${def.format}'`,
      'say it with .regex(…), or check it in the body of the step',
    )
  if ('position' in def && def.position !== undefined)
    refuseFormat(at, 'includes() with a position', 'say it with .regex(…)')
  if (def.pattern !== undefined && !/^[dg]*$/.test(def.pattern.flags)) refuseFlags(at)
}

export function refuseFormat(at: string, what: string, hint: string): never {
  return refuse('TN2005', at, `asks for ${what}, which JSON Schema cannot say as zod does`, hint)
}
export function refuseFlags(at: string): never {
  const hint = 'spell it without flags: /[aA]bc/ for /abc/i'
  return refuse('TN2005', at, 'has a regular expression with flags, which JSON Schema has no place for', hint)
}
export function refuseNumber(at: string, what: string): never {
  return refuse('TN2005', at, `has ${what}, which JSON Schema cannot say`, 'use a finite number')
}

export function requirePlainLiteral(value: unknown, at: string): void {
  const plain = typeof value === 'number' ? Number.isFinite(value) && !Object.is(value, -0) : value === null
  if (plain || typeof value === 'string' || typeof value === 'boolean') return
  refuse(
    'TN2002',
    at,
    `is the literal ${String(value)}, which JSON cannot hold`,
    'use a string, number, boolean or null',
  )
}
