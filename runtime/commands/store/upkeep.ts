// upkeep.ts — tenon store gc and verify: the store is checked, repaired, and freed of what nothing holds.
import { layoutOf } from '../../store/layout.ts'
import { Store } from '../../store/store.ts'
import { collect, type Collection } from '../../store/upkeep/collect.ts'
import { repair, type Repaired } from '../../store/upkeep/repair.ts'
import { verify, type Problem, type Verified } from '../../store/upkeep/verify.ts'

export type { Collection, Problem, Repaired, Verified }

const DAY_MS = 24 * 3600_000

export interface CollectStoreOptions {
  readonly home: string
  readonly dryRun: boolean
  /** What builds used in these last days stays. */
  readonly keepDays: number | null
  readonly signal: AbortSignal
}

/** @throws CodedError TN5040, TN5041 when it is not certain what must stay; nothing was removed then. */
export async function collectStore({
  home,
  dryRun,
  keepDays,
  signal,
}: CollectStoreOptions): Promise<Collection> {
  const keepSinceMs = keepDays === null ? null : Date.now() - keepDays * DAY_MS
  return await collect(layoutOf(Store.open(home).home), { dryRun, keepSinceMs, signal })
}

export interface VerifyStoreOptions {
  readonly home: string
  /** Remove what is damaged, so that it is made again. */
  readonly repair: boolean
  readonly signal: AbortSignal
}

export async function verifyStore(
  options: VerifyStoreOptions,
): Promise<Verified & { readonly repaired: Repaired | null }> {
  const layout = layoutOf(Store.open(options.home).home)
  const found = verify(layout)
  const isBad = options.repair && found.problems.length > 0
  return { ...found, repaired: isBad ? await repair(layout, found.problems, options.signal) : null }
}
