// expr.ts — makes expressions in canonical form: one without references is one literal.
import type { Json, JsonObject } from '../plan/json.ts'
import type { Expr } from '../plan/plan.ts'

export function literal(value: Json): Expr & { readonly kind: 'literal' } {
  return { kind: 'literal', value }
}

export function list(items: readonly Expr[]): Expr {
  const values = items.map(literalValue)
  return values.every((value) => value !== undefined) ? literal(values) : { kind: 'list', items }
}

export function recordOf(fields: Readonly<Record<string, Expr>>): Expr {
  const values: Record<string, Json> = {}
  for (const [key, field] of Object.entries(fields)) {
    if (field.kind !== 'literal') return { kind: 'record', fields }
    values[key] = field.value
  }
  return literal(values)
}

/** Text from its parts; strings side by side become one. */
export function text(parts: readonly Expr[]): Expr {
  const joined: Expr[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    const [before, after] = [last && literalValue(last), literalValue(part)]
    if (typeof before === 'string' && typeof after === 'string')
      joined[joined.length - 1] = literal(before + after)
    else joined.push(part)
  }
  const [only] = joined
  return joined.length === 1 && only?.kind === 'literal' ? only : { kind: 'text', parts: joined }
}

/** The value of a literal; undefined for all other expressions. */
export function literalValue(expr: Expr): Json | undefined {
  return expr.kind === 'literal' ? expr.value : undefined
}

/** The members of a record or of a literal object as expressions; null for all other expressions. */
export function fieldsOf(expr: Expr): Readonly<Record<string, Expr>> | null {
  if (expr.kind === 'record') return expr.fields
  const value = literalValue(expr)
  if (value === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const object = value as JsonObject // Array.isArray does not narrow readonly lists
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, literal(member)]))
}
