// resolve.ts — expressions to JSON, once the steps they name are realised; which objects came along. Runs nothing.
import { pointerToken, type Json } from '../../dsl/plan/json.ts'
import type { Expr } from '../../dsl/plan/plan.ts'
import type { Realisation } from '../store/realisation.ts'
import type { StorePath } from '../store/store-path.ts'

export interface Resolved {
  readonly value: Json
  /** Every object that the value names, in text too. */
  readonly objects: ReadonlySet<StorePath>
  /** Which object stands behind an artifact of `value`, by pointer. Work trees can be found only here. */
  readonly behind: ReadonlyMap<string, StorePath>
}

/** The value of `expr`; `realised` gives the realisation of a step, all of which must be there. */
export function resolve(expr: Expr, realised: (step: number) => Realisation): Resolved {
  const objects = new Set<StorePath>()
  const behind = new Map<string, StorePath>()
  const value = valueOf(expr, '', { realised, objects, behind })
  return { value: value ?? null, objects, behind }
}

interface Target {
  readonly realised: (step: number) => Realisation
  readonly objects: Set<StorePath>
  readonly behind: Map<string, StorePath>
}

/** Undefined: an optional field that the step left out; it is left out of what it would be a part of, too. */
function valueOf(expr: Expr, at: string, target: Target): Json | undefined {
  switch (expr.kind) {
    case 'literal':
      return expr.value
    case 'output':
      return outputOf(expr.step, expr.path, at, target)
    case 'text':
      return expr.parts.map((part) => textOf(valueOf(part, at, { ...target, behind: new Map() }))).join('')
    case 'list':
      return expr.items.map((item, i) => valueOf(item, at + pointerToken(i), target) ?? null)
    case 'record':
      return Object.fromEntries(
        Object.entries(expr.fields).flatMap(([key, field]) => {
          const value = valueOf(field, at + pointerToken(key), target)
          return value === undefined ? [] : [[key, value] as const]
        }),
      )
    case 'overlay':
      return overlayOf(expr.below, expr.above, at, target)
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
}

function outputOf(
  step: number,
  path: readonly (string | number)[],
  at: string,
  target: Target,
): Json | undefined {
  const realisation = target.realised(step)
  const pointer = path.map(pointerToken).join('')
  for (const artifact of realisation.artifacts) {
    if (artifact.pointer !== pointer && !artifact.pointer.startsWith(pointer + '/')) continue
    target.objects.add(artifact.object)
    target.behind.set(at + artifact.pointer.slice(pointer.length), artifact.object)
  }
  return memberAt(realisation.document, path)
}

function memberAt(document: Json, path: readonly (string | number)[]): Json | undefined {
  let value: Json = document
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<string | number, Json>>)[key] ?? null // an own member, list or object alike
  }
  return value
}

function overlayOf(below: Expr, above: Expr, at: string, target: Target): Json {
  const under = { ...target, objects: new Set<StorePath>(), behind: new Map<string, StorePath>() }
  const base = asObject(valueOf(below, at, under))
  const top = asObject(valueOf(above, at, target))
  const covered = new Set(Object.keys(top).map((key) => at + pointerToken(key)))
  const isCovered = (pointer: string): boolean =>
    covered.has(pointer) || [...covered].some((prefix) => pointer.startsWith(prefix + '/'))
  for (const [pointer, object] of under.behind) {
    if (isCovered(pointer)) continue
    target.behind.set(pointer, object)
    target.objects.add(object)
  }
  // Objects that came in as a part of a text have no pointer of their own.
  const pointed = new Set(under.behind.values())
  for (const object of under.objects) if (!pointed.has(object)) target.objects.add(object)
  return { ...base, ...top }
}

function asObject(value: Json | undefined): Readonly<Record<string, Json>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  return value as Readonly<Record<string, Json>> // neither null nor a list
}

/** The steps that `expr` names itself. */
export function stepsOf(expr: Expr): readonly number[] {
  switch (expr.kind) {
    case 'literal':
      return []
    case 'output':
      return [expr.step]
    case 'text':
      return expr.parts.flatMap(stepsOf)
    case 'list':
      return expr.items.flatMap(stepsOf)
    case 'record':
      return Object.values(expr.fields).flatMap(stepsOf)
    case 'overlay':
      return [...stepsOf(expr.below), ...stepsOf(expr.above)]
  }
}
