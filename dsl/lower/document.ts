// document.ts — documents as expressions: what is known of their members, laying one over another, reaching into one.
import type { Expr, JsonSchema } from '../plan/plan.ts'
import { itemSchema, objectSchema } from '../step/object-schema.ts'
import type { Draft } from './draft.ts'
import { fieldsOf, literal, recordOf } from './expr.ts'

/** Members that are there for certain, members that may be, and whether there can be others. */
interface Shape {
  readonly present: ReadonlySet<string>
  readonly possible: ReadonlySet<string>
  readonly closed: boolean
}

/** Null: nothing is known, it may not even be an object. */
function shapeOf(draft: Draft, expr: Expr): Shape | null {
  const fields = fieldsOf(expr)
  if (fields !== null) {
    const keys = new Set(Object.keys(fields))
    return { present: keys, possible: keys, closed: true }
  }
  if (expr.kind === 'overlay') {
    const [below, above] = [shapeOf(draft, expr.below), shapeOf(draft, expr.above)]
    if (below === null || above === null) return null
    return {
      present: new Set([...below.present, ...above.present]),
      possible: new Set([...below.possible, ...above.possible]),
      closed: below.closed && above.closed,
    }
  }
  const schema = expr.kind === 'output' ? schemaAt(draft, expr) : null
  const known = schema === null ? null : objectSchema(schema)
  return (
    known && {
      present: known.present,
      possible: new Set(Object.keys(known.properties)),
      closed: known.closed,
    }
  )
}

/** What is known of the value that a step gives there. */
export function schemaAt(draft: Draft, expr: Expr & { kind: 'output' }): JsonSchema | null {
  let schema: JsonSchema | null =
    draft.schemas.items[draft.steps.items[expr.step]?.schemas.output ?? -1] ?? null
  for (const key of expr.path)
    schema =
      schema &&
      (typeof key === 'number' ? itemSchema(schema) : (objectSchema(schema)?.properties[key] ?? null))
  return schema
}

/**
 * `{ ...below, ...above }`. A layer below whose members are all covered is left out: it cannot matter, so the next
 * step does not depend on it.
 */
export function overlay(draft: Draft, below: Expr, above: Expr): Expr {
  const [lower, upper] = [fieldsOf(below), fieldsOf(above)]
  if (lower !== null && upper !== null) return recordOf({ ...lower, ...upper })
  if (upper !== null && Object.keys(upper).length === 0) return below
  const cover = shapeOf(draft, above)
  return cover === null ? { kind: 'overlay', below, above } : laidOver(draft, below, above, cover.present)
}

function laidOver(draft: Draft, below: Expr, above: Expr, covered: ReadonlySet<string>): Expr {
  if (isCovered(shapeOf(draft, below), covered)) return above
  if (below.kind === 'overlay' && isCovered(shapeOf(draft, below.above), covered))
    return laidOver(draft, below.below, above, covered)
  return { kind: 'overlay', below, above }
}

function isCovered(shape: Shape | null, covered: ReadonlySet<string>): boolean {
  return shape !== null && shape.closed && [...shape.possible].every((key) => covered.has(key))
}

export type Selected =
  | { readonly kind: 'found'; readonly expr: Expr }
  | { readonly kind: 'unknown'; readonly known: readonly string[] }
  /** A carrying step may or may not give the member. */
  | { readonly kind: 'undecided' }

/** The member of a document. */
export function select(draft: Draft, expr: Expr, key: string): Selected {
  switch (expr.kind) {
    case 'literal':
    case 'record':
    case 'list':
    case 'text': {
      const members = itemsOf(expr) ?? fieldsOf(expr) ?? {}
      const found = Object.hasOwn(members, key) ? members[key] : undefined
      return found === undefined
        ? { kind: 'unknown', known: Object.keys(members) }
        : { kind: 'found', expr: found }
    }
    case 'output':
      return selectOutput(draft, expr, key)
    case 'overlay': {
      const above = shapeOf(draft, expr.above)
      if (above?.present.has(key) === true) return select(draft, expr.above, key)
      if (above !== null && above.closed && !above.possible.has(key)) return select(draft, expr.below, key)
      return { kind: 'undecided' }
    }
  }
}

function itemsOf(expr: Expr): Readonly<Record<string, Expr>> | null {
  if (expr.kind === 'list') return Object.fromEntries(expr.items.entries())
  return expr.kind === 'literal' && Array.isArray(expr.value)
    ? Object.fromEntries(expr.value.map(literal).entries())
    : null
}

function selectOutput(draft: Draft, expr: Expr & { kind: 'output' }, key: string): Selected {
  const schema = schemaAt(draft, expr)
  const isIndex = schema !== null && itemSchema(schema) !== null
  const known = schema === null ? null : objectSchema(schema)
  if (known !== null && known.closed && !Object.hasOwn(known.properties, key))
    return { kind: 'unknown', known: Object.keys(known.properties) }
  return { kind: 'found', expr: { ...expr, path: [...expr.path, isIndex ? Number(key) : key] } }
}
