// constraints.ts — of a converted leaf, the keywords that constrain: notes, titles and `$schema` must not re-key a step.
import type { Json, JsonObject } from '../plan/json.ts'

const KEPT = new Set(
  (
    'type const enum not allOf pattern format minLength maxLength ' +
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf'
  ).split(' '),
)

export function constraintsOf(converted: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(converted).filter(([keyword]) => KEPT.has(keyword)))
}

/** All of `parts` at once. A keyword that two of them have stands in `allOf`. */
export function conjunction(parts: readonly JsonObject[]): JsonObject {
  const own: Record<string, Json> = {}
  const more: JsonObject[] = []
  for (const part of parts)
    for (const [keyword, value] of Object.entries(part))
      if (own[keyword] === undefined) own[keyword] = value
      else if (own[keyword] !== value) more.push({ [keyword]: value })
  return more.length === 0 ? own : { ...own, allOf: more }
}
