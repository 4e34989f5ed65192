// pool.ts — hash-consing: equal values stand once, under one index.
import { canonicalJson } from '../plan/json.ts'

export interface Pool<T> {
  readonly items: readonly T[]
  /** The index of the value; `isNew` says that no equal one stood there. */
  intern(value: T): { readonly index: number; readonly isNew: boolean }
}

export function pool<T>(): Pool<T> {
  const items: T[] = []
  const byText = new Map<string, number>()
  return {
    items,
    intern(value) {
      const text = canonicalJson(value)
      const known = byText.get(text)
      if (known !== undefined) return { index: known, isNew: false }
      byText.set(text, items.length)
      return { index: items.push(value) - 1, isNew: true }
    },
  }
}
