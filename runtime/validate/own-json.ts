// own-json.ts — a private copy of a document, made sure to be JSON. Leaves its shape to the schema.
import { canonicalJson, pointerToken, NotJsonError, type Json } from '../../dsl/plan/json.ts'
import type { Problem } from './problem.ts'

export type OwnJson =
  { readonly kind: 'json'; readonly value: Json } | { readonly kind: 'not-json'; readonly problem: Problem }

/** Members that are `undefined` are taken as absent; all else that JSON would lose is a problem. */
export function ownJson(document: unknown): OwnJson {
  let text: string
  try {
    text = canonicalJson(document)
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    return {
      kind: 'not-json',
      problem: { pointer: error.pointer, message: `is ${error.found}, which JSON cannot carry` },
    }
  }
  const value = JSON.parse(text) as Json // canonicalJson writes JSON
  const pointer = text.includes('"__proto__"') ? pointerOfProto(value, '') : null
  if (pointer === null) return { kind: 'json', value }
  return {
    kind: 'not-json',
    problem: { pointer, message: 'is a member that JavaScript objects cannot hold safely' },
  }
}

/** zod drops such members silently, and `{ ...copies }` of them would change an object's prototype. */
function pointerOfProto(value: Json, pointer: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [key, member] of Object.entries(value)) {
    const at = pointer + pointerToken(key)
    const found = key === '__proto__' && !Array.isArray(value) ? at : pointerOfProto(member as Json, at) // members of JSON are JSON
    if (found !== null) return found
  }
  return null
}
