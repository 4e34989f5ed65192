// type-text.ts — what an option takes, as a few words for people.
import { CodedError } from '../../plan/coded-error.ts'
import type { Json } from '../../plan/json.ts'
import type { JsonSchema } from '../../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../../plan/schema.ts'
import { jsonSchemaOf } from '../../schema/convert.ts'
import { itemSchema, objectSchema } from '../../step/object-schema.ts'
import type { OptionNode } from '../declare/option.ts'

export function typeText(option: OptionNode): string {
  switch (option.kind) {
    case 'submodules':
      return 'submodules by name'
    case 'dep':
      return `package with ${schemaText(option.schema)}`
    case 'value':
      return schemaText(option.schema)
  }
}

function schemaText(schema: unknown): string {
  try {
    return textOf(jsonSchemaOf(schema, 'params'))
  } catch (error) {
    if (error instanceof CodedError) return 'value' // transforms and the like: fine for an option, but JSON Schema has no words for them
    throw error
  }
}

function textOf(schema: JsonSchema): string {
  const artifact = schema[ARTIFACT_KEYWORD]
  if (typeof artifact === 'string') return artifact === 'workTree' ? 'work tree' : artifact
  const alternatives = schema['anyOf'] ?? schema['oneOf']
  if (Array.isArray(alternatives))
    return alternatives.map((each: Json) => textOf(each as JsonSchema)).join(' | ') // a schema's alternatives are schemas
  if (Array.isArray(schema['enum']))
    return schema['enum'].map((value: Json) => JSON.stringify(value)).join(' | ')
  if (schema['const'] !== undefined) return JSON.stringify(schema['const'])
  const item = itemSchema(schema)
  if (item !== null) return `list of ${textOf(item)}`
  const object = objectSchema(schema)
  if (object !== null && Object.keys(object.properties).length > 0)
    return `{ ${Object.entries(object.properties)
      .map(([key, member]) => `${key}: ${textOf(member)}`)
      .join(', ')} }`
  const others = schema['additionalProperties']
  if (schema['type'] === 'object' && typeof others === 'object' && others !== null && !Array.isArray(others))
    return `record of ${textOf(others as JsonSchema)}` // a schema, as it is no boolean
  return typeof schema['type'] === 'string' ? schema['type'] : 'value'
}
