// pool.ts — hash-consing: equal values stand once, under one index.
import { canonicalJson } from '../plan/json.ts'

export interface Pool<T> {
  readonly items: readonly T[]
  /** The items as canonical JSON: a list. */
  text(): string
  /** The index of the value; `isNew` says that no equal one stood there. */
  intern(value: T): { readonly index: number; readonly isNew: boolean }
}

export function pool<T extends object>(): Pool<T> {
  const items: T[] = []
  const byText = new Map<string, number>()
  const byIdentity = new WeakMap<T, number>() // spares the text of a value that comes again
  return {
    items,
    text: () => `[${[...byText.keys()].join(',')}]`,
    intern(value) {
      const same = byIdentity.get(value)
      if (same !== undefined) return { index: same, isNew: false }
      const text = canonicalJson(value)
      const known = byText.get(text)
      const index = known ?? items.push(value) - 1
      byText.set(text, index)
      byIdentity.set(value, index)
      return { index, isNew: known === undefined }
    },
  }
}
