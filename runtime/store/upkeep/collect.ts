// collect.ts — removes what nothing holds: objects, and the records that lead nowhere then. What is held: mark.ts.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { withFileErrors } from '../files/file-error.ts'
import { collectorLock, type Layout } from '../layout.ts'
import { breakWhenStale, lock } from '../running/lock.ts'
import { pinned } from '../running/pins.ts'
import type { StorePath } from '../store-path.ts'
import { inventory, type InventoryEntry, logFiles } from './inventory.ts'
import { mark, referrersFirst } from './mark.ts'
import { takeOut } from './remove-object.ts'
import { applyResultPlan, planResults, type ResultPlan } from './result-plan.ts'
import { type RootLink, rootLinks } from './root-links.ts'

export interface CollectOptions {
  readonly dryRun: boolean
  /** What a build used since then stays, too. */
  readonly keepSinceMs: number | null
  readonly signal?: AbortSignal
}
export interface Collection {
  readonly removed: readonly { readonly path: StorePath; readonly contentBytes: number }[]
  readonly removedBytes: number
  /** Records of what actions gave. */
  readonly removedResults: number
  readonly removedLogs: number
  readonly keptObjects: number
  readonly keptBytes: number
  /** Links that keep objects. */
  readonly roots: readonly string[]
  /** Links that are not there any more. */
  readonly lostRoots: readonly string[]
}

/**
 * Builds may run at the same time: what they use is pinned, and they wait, for moments, while objects are taken out.
 * @throws CodedError TN5040, TN5041 when it is not certain what is held, TN5001; nothing was removed then.
 */
export async function collect(layout: Layout, options: CollectOptions): Promise<Collection> {
  if (options.dryRun) return summary(survey(layout, options))
  const release = await lock(layout.tmp, collectorLock(layout), options)
  let deletions: readonly (() => void)[]
  let found: Survey
  try {
    found = withFileErrors('find out what is in use', layout.home, () => survey(layout, options))
    deletions = withFileErrors('remove what is not in use', layout.home, () => takeAllOut(layout, found))
  } finally {
    release()
  }
  withFileErrors('remove what is not in use', layout.home, () => deletions.forEach((remove) => remove()))
  return summary(found)
}

interface Survey {
  readonly roots: readonly RootLink[]
  readonly dead: readonly InventoryEntry[]
  readonly kept: readonly InventoryEntry[]
  readonly results: ResultPlan
  readonly logs: readonly string[]
}

function survey(layout: Layout, { keepSinceMs }: CollectOptions): Survey {
  const roots = rootLinks(layout)
  const held = pinned(layout.tmp) // before the inventory: an object that comes in now is pinned by then, or waits
  const entries = inventory(layout)
  const rooted = roots.flatMap(({ object }) => object ?? [])
  const live = mark(entries, { rooted, pinned: held, keepSinceMs })
  const results = planResults(layout, entries, { live, held, keepSinceMs })
  const isKept = (key: string): boolean => results.kept.has(key) || held.has(key)
  return {
    roots,
    dead: entries.filter(({ path }) => !live.has(path)),
    kept: entries.filter(({ path }) => live.has(path)),
    results,
    logs: logFiles(layout).flatMap(({ key, file }) => (isKept(key) ? [] : [file])),
  }
}

/** In an order in which it may be stopped anywhere. */
function takeAllOut(layout: Layout, found: Survey): readonly (() => void)[] {
  applyResultPlan(layout, found.results)
  for (const { file, object } of found.roots) if (object === null) rmSync(file, { force: true })
  for (const file of found.logs) rmSync(file, { force: true })
  for (const name of readdirSync(layout.locks)) breakWhenStale(layout.tmp, join(layout.locks, name))
  return referrersFirst(found.dead).map(({ path }) => takeOut(layout, path))
}

function summary({ roots, dead, kept, results, logs }: Survey): Collection {
  const removed = dead.map(({ path, ownBytes }) => ({ path, contentBytes: ownBytes }))
  return {
    removed,
    removedBytes: total(dead),
    removedResults: results.removed.length,
    removedLogs: logs.length,
    keptObjects: kept.length,
    keptBytes: total(kept),
    roots: roots.flatMap(({ link, object }) => (object === null ? [] : [link])),
    lostRoots: roots.flatMap(({ link, object }) => (object === null ? [link] : [])),
  }
}

function total(entries: readonly InventoryEntry[]): number {
  return entries.reduce((sum, { ownBytes }) => sum + ownBytes, 0)
}
