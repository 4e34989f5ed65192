// params.ts — params of a step in use: parsed at the call. With references in them they are filled as far as is known,
// and parsing is left to the runtime.
import type { SchemaIssue, StepDefinition } from '../chain/node.ts'
import { CodedError } from '../plan/coded-error.ts'
import { pointerToken } from '../plan/json.ts'
import type { JsonSchema } from '../plan/plan.ts'
import { jsonSchemaOf } from '../schema/convert.ts'
import { nearest } from './nearest.ts'
import { isPlain, itemSchema, objectSchema } from './object-schema.ts'
import { hasRefs, refTarget } from './ref.ts'

/** @throws CodedError TN1301 for unknown keys, TN1305 for values that the schema refuses. */
export function parsedParams(definition: StepDefinition, params: unknown): unknown {
  const filled = fill(
    jsonSchemaOf(definition.params, 'params', definition.name),
    params ?? {},
    '',
    definition.name,
  )
  if (hasRefs(filled)) return filled
  const parsed = definition.params.safeParse(params ?? {})
  if (parsed.success) return parsed.data
  throw new CodedError('TN1305', `params of step '${definition.name}' do not fit its schema`, {
    details: parsed.error.issues.map(issueLine),
    hint: 'The type check shows the same at the call, with the types that it needs.',
  })
}

export function issueLine(issue: SchemaIssue): string {
  const pointer = issue.path.map((key) => pointerToken(String(key))).join('')
  return `${pointer === '' ? '(the whole)' : pointer}: ${issue.message}`
}

/** A copy with defaults filled in; unknown members are refused at any depth, where zod would drop them silently. */
function fill(schema: JsonSchema, value: unknown, pointer: string, step: string): unknown {
  if (value === undefined) return schema['default']
  if (refTarget(value) !== undefined) return value
  if (Array.isArray(value)) {
    const items = itemSchema(schema) ?? {}
    return Object.freeze(value.map((item: unknown, i) => fill(items, item, pointer + pointerToken(i), step)))
  }
  return isPlain(value) ? fillObject(schema, value, pointer, step) : value
}

function fillObject(
  schema: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  pointer: string,
  step: string,
): unknown {
  const shape = objectSchema(schema)
  const known = shape?.properties ?? {}
  for (const key of Object.keys(value))
    if (shape?.closed === true && !Object.hasOwn(known, key))
      throw new CodedError('TN1301', `step '${step}' got the unknown param ${pointer + pointerToken(key)}`, {
        hint: nearest(key, Object.keys(known)),
      })
  const keys = new Set([...Object.keys(known), ...Object.keys(value)])
  const members = [...keys].map((key) => [
    key,
    fill(
      known[key] ?? {},
      Object.hasOwn(value, key) ? value[key] : undefined,
      pointer + pointerToken(key),
      step,
    ),
  ])
  return Object.freeze(Object.fromEntries(members.filter(([, member]) => member !== undefined)))
}
