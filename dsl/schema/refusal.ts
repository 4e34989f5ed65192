// refusal.ts — why a schema cannot become a JSON Schema, and where in it. Leaves naming the step to convert.ts.
import { CodedError } from '../plan/coded-error.ts'

/** What is refused; docs/errors.md tells more of each. */
export type RefusalCode =
  | 'TN2002' // a kind of value JSON has no form for
  | 'TN2003' // a check in code
  | 'TN2004' // parsing would change the value
  | 'TN2005' // a string or number check that JSON Schema has no form for
  | 'TN2006' // a default that cannot be kept
  | 'TN2007' // anything at all as a whole output
  | 'TN2008' // conversion lost the constraints
  | 'TN2009' // zod and JSON Schema would disagree

/**
 * `at` is a path in the schema: `.when`, `.items[]`, `.env[*]` (members of a record), `` (the whole).
 * @throws CodedError always.
 */
export function refuse(code: RefusalCode, at: string, what: string, hint: string): never {
  throw new CodedError(code, `${at === '' ? 'the whole' : at} ${what}`, { hint })
}

const DATE = 'use z.iso.datetime() or z.iso.date() and hand on text'
const KIND_HINTS: Readonly<Record<string, string>> = {
  date: DATE,
  map: 'use z.record(z.string(), …), or a list of pairs',
  set: 'use z.array(…)',
  bigint: 'use z.int(), or z.string() for digits beyond 2^53',
  undefined: 'leave the member out: .optional()',
  void: 'leave the member out: .optional(); a step that hands on nothing has z.object({}) as its output',
  nan: 'use .nullable() for a number that may be missing',
  function: 'pass plain data; code belongs into the body of a step',
  symbol: 'use z.literal("…") or z.enum([…])',
  promise: 'await the value in the body and hand on what it resolves to',
  custom: 'describe the value with z.object(), z.enum(), z.templateLiteral() and the like',
  file: "for an artifact use file() of 'tenon'",
}

/** The kind of value has no form in JSON. `kind` as zod spells it. */
export function refuseKind(at: string, kind: string): never {
  const name = kind === 'custom' ? 'a value of z.custom() or z.instanceof()' : `a value of kind '${kind}'`
  const hint =
    KIND_HINTS[kind] ?? 'describe the value with z.object(), z.array(), z.union() and the plain kinds'
  return refuse('TN2002', at, `is ${name}, which JSON cannot hold`, hint)
}

/** A check in code: JSON Schema would drop it. */
export function refuseCheck(at: string): never {
  const hint =
    'say it with .min(), .max(), .regex(), z.enum() or z.union(), or check it in the body of the step and throw'
  return refuse('TN2003', at, 'has a check written in code (refine, superRefine, check)', hint)
}

/** Parsing would hand on another value than it got. */
export function refuseChange(at: string, construct: string): never {
  const hint = 'schemas only check and fill in defaults; compute in the body of a step'
  return refuse('TN2004', at, `uses ${construct}, which changes the value`, hint)
}
