// made-in.ts — which step an action was, as far as its description is kept.
import type { Digest } from '../../../dsl/plan/digest.ts'
import type { Store } from '../../store/store.ts'

export interface MadeIn {
  readonly chain: string
  readonly step: string
}

/** Undefined of sources and downloads, and when the description is gone. */
export function madeIn(store: Store, key: Digest): MadeIn | undefined {
  const text = store.action(key)
  if (text === undefined) return undefined
  try {
    const { chain, step } = JSON.parse(text) as Partial<MadeIn> // written by `describe`; damaged when it is not so
    return chain === undefined || step === undefined ? undefined : { chain, step }
  } catch {
    return undefined
  }
}
