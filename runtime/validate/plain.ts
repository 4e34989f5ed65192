// plain.ts — a quick yes for documents of plain schemas: most are, and then ajv compiles nothing. Every other answer is left to compile.ts.
import type { Json, JsonObject } from '../../dsl/plan/json.ts'
import { ARTIFACT_KEYWORD, STRIP_KEYWORD } from '../../dsl/plan/schema.ts'
import { isList, isRecord } from './merge.ts'

/** `true`: the schema accepts the value. `false`: it may all the same. */
export function plainlyAccepts(schema: JsonObject, value: Json): boolean {
  return Object.entries(schema).every(([keyword, by]) => agrees(keyword, by, schema, value))
}

function agrees(keyword: string, by: Json, schema: JsonObject, value: Json): boolean {
  switch (keyword) {
    case 'type':
      return isOfType(by, value)
    case 'const':
      return typeof by !== 'object' && by === value
    case 'enum':
      return typeof value !== 'object' && isList(by) && by.includes(value)
    case 'minimum':
      return typeof by === 'number' && typeof value === 'number' && value >= by
    case 'maximum':
      return typeof by === 'number' && typeof value === 'number' && value <= by
    case 'required':
      return (
        isRecord(value) &&
        isList(by) &&
        by.every((name) => typeof name === 'string' && Object.hasOwn(value, name))
      )
    case 'properties':
      return isRecord(by) && isRecord(value) && membersAgree(by, value)
    case 'additionalProperties':
      return isRecord(value) && Object.keys(value).every((name) => restAgrees(by, name, schema, value))
    case 'items':
      return isRecord(by) && isList(value) && value.every((item) => plainlyAccepts(by, item))
    case 'anyOf':
      return isList(by) && by.some((branch) => isRecord(branch) && plainlyAccepts(branch, value))
    case 'default':
    case 'definitions':
    case ARTIFACT_KEYWORD:
    case STRIP_KEYWORD:
      return true
    default:
      return false
  }
}

function isOfType(type: Json, value: Json): boolean {
  switch (type) {
    case 'string':
    case 'boolean':
    case 'number':
      return typeof value === type
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    case 'array':
      return isList(value)
    case 'object':
      return isRecord(value)
    default:
      return false
  }
}

function membersAgree(properties: JsonObject, value: JsonObject): boolean {
  return Object.entries(properties).every(
    ([name, by]) => !Object.hasOwn(value, name) || memberAgrees(by, value[name]),
  )
}

function restAgrees(by: Json, name: string, schema: JsonObject, value: JsonObject): boolean {
  const named = schema.properties
  if (named !== undefined && isRecord(named) && Object.hasOwn(named, name)) return true
  return memberAgrees(by, value[name])
}

function memberAgrees(by: Json, member: Json | undefined): boolean {
  return member !== undefined && isRecord(by) && plainlyAccepts(by, member)
}
