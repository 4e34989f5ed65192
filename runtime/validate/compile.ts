// compile.ts — from JSON Schema to functions that accept or refuse, by ajv. Leaves messages to explain.ts.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { canonicalOnce, type Json, type JsonObject } from '../../dsl/plan/json.ts'
import type { JsonSchema } from '../../dsl/plan/plan.ts'
import { ARTIFACT_KEYWORD, STRIP_KEYWORD } from '../../dsl/plan/schema.ts'
import { plainlyAccepts } from './plain.ts'

/** A schema with all that is reached from it; `root` holds the definitions. */
export interface Compiled {
  readonly root: JsonSchema
  /** `part` is `root` or an object inside of it: validators are kept by its identity. */
  accepts(part: JsonObject, value: Json): boolean
  /** What ajv has against the value, by keywords that refer to nothing. */
  errorsOf(keywords: JsonObject, value: unknown): readonly ErrorObject[]
  /** The object a `$ref` means: always an own definition of the root. */
  definition(ref: string): JsonObject
}

const byIdentity = new WeakMap<JsonSchema, Compiled>()
const byText = new Map<string, Compiled>()

/** @throws Error of ajv when the schema is not one that dsl/schema writes. */
export function compile(schema: JsonSchema): Compiled {
  const known = byIdentity.get(schema)
  if (known !== undefined) return known
  const text = canonicalOnce(schema)
  const compiled = byText.get(text) ?? newCompiled(schema)
  byText.set(text, compiled)
  byIdentity.set(schema, compiled)
  return compiled
}

function newCompiled(root: JsonSchema): Compiled {
  const validators = new WeakMap<JsonObject, ValidateFunction>()
  const definitions = root.definitions === undefined ? {} : { definitions: root.definitions }
  const validator = (part: JsonObject): ValidateFunction => {
    const known = validators.get(part)
    if (known !== undefined) return known
    const made = ajv().compile({ ...part, ...definitions })
    validators.set(part, made)
    return made
  }
  return {
    root,
    accepts: (part, value) => plainlyAccepts(part, value) || validator(part)(value),
    errorsOf: (keywords, value) => {
      const made = ajv().compile(keywords)
      ajv().removeSchema(keywords) // of one use: ajv would keep it
      return made(value) ? [] : (made.errors ?? [])
    },
    definition: (ref) => {
      const found = (root.definitions as Readonly<Record<string, JsonObject>> | undefined)?.[
        ref.slice(PREFIX.length)
      ] // as the draft has it
      if (found === undefined) throw new TypeError(`the schema has no definition ${ref}`)
      return found
    },
  }
}
const PREFIX = '#/definitions/'

let shared: Ajv | undefined
const ajv = (): Ajv => (shared ??= newAjv()) // made when a document needs it

/** Set up so that it counts, matches and divides as zod does. */
function newAjv(): Ajv {
  const made = new Ajv({
    allErrors: true,
    verbose: true, // messages name the keyword's value
    strict: true,
    strictTypes: false, // `allOf: [{ pattern }]` beside `type` is what zod writes
    strictTuples: false, // a tuple with a rest has no length
    allowUnionTypes: true,
    validateSchema: false, // schemas come from dsl/schema alone; the metaschema would cost each process 10 ms
    addUsedSchema: false,
    ownProperties: true, // `toString` is no member of a document
    unicodeRegExp: false, // patterns without flags
    keywords: [ARTIFACT_KEYWORD, STRIP_KEYWORD],
  })
  made.addFormat('uri', isUrl)
  made.removeKeyword('multipleOf')
  made.addKeyword({ keyword: 'multipleOf', type: 'number', schemaType: 'number', compile: isMultipleOf })
  return made
}

/** A URL as the WHATWG has it. Not with space around or line breaks inside: zod would take those out, and so change the value. */
function isUrl(text: string): boolean {
  return text === text.trim() && !/[\t\n\r]/.test(text) && URL.canParse(text)
}

/** zod 4's rule: 0.3 is a multiple of 0.1 although its binary fraction is not. */
function isMultipleOf(step: number): (value: number) => boolean {
  return (value) => {
    const ratio = value / step
    const away = Math.abs(ratio - Math.round(ratio))
    return away < 4 * Number.EPSILON * Math.max(Math.abs(ratio), 1)
  }
}
