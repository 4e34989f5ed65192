// value.ts — any value of a build file as an expression: references become edges, all else must be plain JSON.
import type { Site } from '../chain/node.ts'
import { canonicalJson, NotJsonError, pointerToken, type Json } from '../plan/json.ts'
import type { Expr } from '../plan/plan.ts'
import { isPlain } from '../step/object-schema.ts'
import { hasRefs, refTarget, textParts, type RefTarget } from '../step/ref.ts'
import { planError, type Draft } from './draft.ts'
import { list, literal, recordOf, text } from './expr.ts'

/** Where the value came from, for messages; `resolve` finds what a reference means. */
export interface ValueSource {
  readonly draft: Draft
  readonly site: Site
  readonly owner: string
  readonly resolve: (target: RefTarget, site: Site) => Expr
}

/** @throws CodedError TN1320 for what JSON cannot carry. */
export function lowerValue(source: ValueSource, value: unknown, pointer = ''): Expr {
  if (!hasRefs(value)) return literal(plainJson(source, value, pointer))
  const target = refTarget(value)
  if (target !== undefined) return source.resolve(target, source.site)
  if (typeof value === 'string')
    return text(
      textParts(value).map((part) =>
        typeof part === 'string' ? literal(part) : source.resolve(part, source.site),
      ),
    )
  if (Array.isArray(value))
    return list(value.map((item: unknown, i) => lowerValue(source, item, pointer + pointerToken(i))))
  if (isPlain(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined)
    return recordOf(
      Object.fromEntries(
        members.map(([key, member]) => [key, lowerValue(source, member, pointer + pointerToken(key))]),
      ),
    )
  }
  return literal(plainJson(source, value, pointer)) // refuses: an instance of a class
}

function plainJson(source: ValueSource, value: unknown, pointer: string): Json {
  try {
    return JSON.parse(canonicalJson(value)) as Json // JSON.parse gives nothing else
  } catch (cause) {
    if (!(cause instanceof NotJsonError)) throw cause
    const at = pointer + cause.pointer
    throw planError(
      source.draft,
      source.site,
      'TN1320',
      `${source.owner} has ${cause.found} at ${at === '' ? 'its root' : at}`,
      {
        hint: 'A plan holds plain JSON only: text, finite numbers, booleans, null, lists, objects.',
        cause,
      },
    )
  }
}
