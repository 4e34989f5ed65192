// describe.ts — schemas, values and failed keywords in words. Leaves choosing which of them to say to explain.ts.
import type { ErrorObject } from 'ajv'
import type { Json, JsonObject } from '../../dsl/plan/json.ts'
import { ARTIFACT_KEYWORD } from '../../dsl/plan/schema.ts'
import type { Compiled } from './compile.ts'

/** The alternatives a schema allows, each in a word or two. */
export function alternatives(schema: JsonObject, compiled: Compiled): readonly string[] {
  if (typeof schema.$ref === 'string') return alternatives(compiled.definition(schema.$ref), compiled)
  if (schema.const !== undefined) return [JSON.stringify(schema.const)]
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value))
  if (schema.anyOf !== undefined)
    return [
      ...new Set((schema.anyOf as readonly JsonObject[]).flatMap((option) => alternatives(option, compiled))),
    ] // as the draft has it
  const artifact = schema[ARTIFACT_KEYWORD]
  if (typeof artifact === 'string') return [`the path of a ${artifact}`]
  if (schema.not !== undefined) return ['nothing']
  if (typeof schema.type === 'string') return [schema.type === 'array' ? 'list' : schema.type]
  const [first] = (schema.allOf ?? []) as readonly JsonObject[] // as the draft has it
  return first === undefined ? ['anything'] : alternatives(first, compiled)
}

export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}

const LONGEST = 60

export function describeValue(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'object') return 'an object'
  const text = JSON.stringify(value)
  return `${typeof value} ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`
}

/** A failed keyword other than type, const and enum. */
export function describeError(error: ErrorObject, value: Json): string {
  const limit = String(error.params.limit)
  switch (error.keyword) {
    case 'minLength':
      return `expected at least ${limit} characters, found ${describeValue(value)}`
    case 'maxLength':
      return `expected at most ${limit} characters, found ${describeValue(value)}`
    case 'pattern':
      return `expected text that matches /${String(error.params.pattern)}/, found ${describeValue(value)}`
    case 'format':
      return `expected a URL without space around, found ${describeValue(value)}`
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `expected a number ${String(error.params.comparison)} ${limit}, found ${describeValue(value)}`
    case 'multipleOf':
      return `expected a multiple of ${String(error.schema)}, found ${describeValue(value)}`
    case 'minItems':
      return `expected at least ${limit} items, found ${describeValue(value)}`
    case 'maxItems':
      return `expected at most ${limit} items, found ${describeValue(value)}`
    default:
      return `${error.message ?? error.keyword}, found ${describeValue(value)}`
  }
}
