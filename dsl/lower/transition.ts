// transition.ts — whether the document that a step gets can fit its input: what is certain while planning. Values are checked when they are there.
import type { Expr, JsonSchema } from '../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'
import { itemSchema, objectSchema } from '../step/object-schema.ts'
import { schemaAt, select } from './document.ts'
import type { Draft } from './draft.ts'

/** Lines as `/src: is missing (needs a work tree)`; empty when nothing speaks against it. */
export function misfits(draft: Draft, document: Expr, wanted: JsonSchema): readonly string[] {
  const shape = objectSchema(wanted)
  if (shape === null || document.kind === 'literal') return []
  return Object.entries(shape.properties).flatMap(([key, member]) => {
    const selected = select(draft, document, key)
    if (selected.kind === 'undecided') return []
    if (selected.kind === 'unknown')
      return isNeeded(wanted, key) ? [`/${key}: is missing (needs ${kindText(member)})`] : []
    const given = selected.expr.kind === 'output' ? schemaAt(draft, selected.expr) : null
    return given === null ? [] : differences(`/${key}`, given, member)
  })
}

function isNeeded(schema: JsonSchema, key: string): boolean {
  const { required } = schema
  return (
    Array.isArray(required) &&
    required.includes(key) &&
    objectSchema(schema)?.properties[key]?.['default'] === undefined
  )
}

/** Only what no value can bridge. */
function differences(at: string, given: JsonSchema, wanted: JsonSchema): readonly string[] {
  const [from, to] = [kindOf(given), kindOf(wanted)]
  if (from === null || to === null) return []
  if (from !== to && !isBridged(from, to))
    return [`${at}: needs ${kindText(wanted)}, gets ${kindText(given)}`]
  const [items, wantedItems] = [itemSchema(given), itemSchema(wanted)]
  if (items !== null && wantedItems !== null) return differences(`${at}/*`, items, wantedItems)
  const [shape, wantedShape] = [objectSchema(given), objectSchema(wanted)]
  if (shape === null || wantedShape === null) return []
  return Object.entries(wantedShape.properties).flatMap(([key, member]) => {
    const found = shape.properties[key]
    if (found !== undefined) return differences(`${at}/${key}`, found, member)
    return shape.closed && isNeeded(wanted, key)
      ? [`${at}/${key}: is missing (needs ${kindText(member)})`]
      : []
  })
}

/** A path is a string, and a number may be a whole one. */
function isBridged(from: string, to: string): boolean {
  const pair = [from, to]
  return pair.includes('string')
    ? ARTIFACTS.some((kind) => pair.includes(kind))
    : pair.every((kind) => NUMBERS.includes(kind))
}
const ARTIFACTS = ['file', 'tree', 'workTree']
const NUMBERS = ['number', 'integer']
const KINDS = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']

/** An artifact's kind counts where both sides have one: a path is a string. */
function kindOf(schema: JsonSchema): string | null {
  const artifact = schema[ARTIFACT_KEYWORD]
  if (typeof artifact === 'string') return artifact
  const { type } = schema
  return typeof type === 'string' && KINDS.includes(type) ? type : null
}

function kindText(schema: JsonSchema): string {
  const kind = kindOf(schema)
  return kind === null ? 'a value' : kind === 'workTree' ? 'work tree' : kind
}
