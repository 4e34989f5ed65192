// replace-at.ts — copies of a JSON value with the members at some pointers, or texts in its strings, replaced.
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

/** Every occurrence, in all strings but the names of members. */
export function replaceText(value: Json, texts: ReadonlyMap<string, string>): Json {
  if (typeof value === 'string')
    return [...texts].reduce((text, [from, to]) => text.replaceAll(from, to), value)
  if (typeof value !== 'object' || value === null || texts.size === 0) return value
  if (Array.isArray(value)) return value.map((item: Json) => replaceText(item, texts))
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, replaceText(member, texts)]))
}
