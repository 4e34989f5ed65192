// replace-at.ts — a copy of a JSON value with the members at some pointers replaced.
import { pointerToken, type Json } from '../../dsl/plan/json.ts'

export function replaceAt(value: Json, members: ReadonlyMap<string, Json>, at = ''): Json {
  const replacement = members.get(at)
  if (replacement !== undefined) return replacement
  if (typeof value !== 'object' || value === null || members.size === 0) return value
  if (Array.isArray(value))
    return value.map((item: Json, i) => replaceAt(item, members, at + pointerToken(i)))
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, replaceAt(member, members, at + pointerToken(key))]),
  )
}
