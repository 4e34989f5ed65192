// lock-kinds.ts — the two ways in which processes take turns: claims on keys, and the lock of collectors.
import { join } from 'node:path'
import { type Digest, digestOf } from '../../../../dsl/plan/digest.ts'
import { lock } from '../../../../runtime/store/running/lock.ts'
import type { LockOptions, Store } from '../../../../runtime/store/store.ts'

export type Take = (store: Store, options?: LockOptions, name?: string) => Promise<() => void>

export const KINDS: Readonly<Record<string, Take>> = {
  claim: async (store, options, name = 'key') => await store.lockKey(keyOf(name), options),
  lock: async (store, options, name = 'key') =>
    await lock(join(store.home, 'tmp'), join(store.home, 'locks', name), options),
}

export function keyOf(name: string): Digest {
  return digestOf(name)
}
