// result-plan.ts — which records of results a collection keeps, and which of them only as a description of files that go.
import { rmSync } from 'node:fs'
import { type Layout, resultFile } from '../layout.ts'
import type { StoreObject } from '../object.ts'
import { readAction, type Realisation, writeRealisation } from '../realisation.ts'
import type { StorePath } from '../store-path.ts'
import { type InventoryEntry, type ResultEntry, results } from './inventory.ts'

/** So long after its last use a result is remembered that has no files (any more): it saves running steps, and is small. */
const REMEMBERED_DAYS = 30
const DAY_MS = 24 * 3600_000

export interface ResultPlan {
  readonly kept: ReadonlySet<string>
  readonly removed: readonly ResultEntry[]
  /** Records to be written anew: they say what the objects were that go. */
  readonly described: readonly Realisation[]
}
interface Situation {
  readonly live: ReadonlySet<StorePath>
  readonly held: ReadonlySet<string>
  readonly keepSinceMs: number | null
}

export function planResults(
  layout: Layout,
  entries: readonly InventoryEntry[],
  { live, held, keepSinceMs }: Situation,
): ResultPlan {
  const objects = new Map(
    entries.flatMap(({ path, object }) => (object === undefined ? [] : [[path, object]])),
  )
  const sinceMs = Math.min(Date.now() - REMEMBERED_DAYS * DAY_MS, keepSinceMs ?? Infinity)
  const kept = new Set<string>()
  const removed: ResultEntry[] = []
  const described: Realisation[] = []
  for (const entry of results(layout)) {
    const { realisation } = entry
    if (held.has(entry.key)) {
      kept.add(entry.key) // a build may be writing it anew
      continue
    }
    const known = realisation && describe(realisation, live, objects)
    const isWhole =
      known === realisation && realisation?.artifacts.some(({ object }) => live.has(object)) === true
    if (known === undefined || (!isWhole && entry.usedMs < sinceMs)) {
      removed.push(entry)
      continue
    }
    kept.add(entry.key)
    if (known !== realisation) described.push(known)
  }
  return { kept, removed, described }
}

/** The realisation itself when nothing of it goes; one that describes what does: keys of later steps need no more. */
function describe(
  realisation: Realisation,
  live: ReadonlySet<StorePath>,
  objects: ReadonlyMap<StorePath, StoreObject>,
): Realisation | undefined {
  const described = realisation.passing ?? []
  const lacking = realisation.artifacts.filter(
    ({ object }) => !live.has(object) && !described.some(({ path }) => path === object),
  )
  if (lacking.length === 0) return realisation
  const found = lacking.flatMap(({ object }) => objects.get(object) ?? [])
  return found.length === lacking.length ? { ...realisation, passing: [...described, ...found] } : undefined
}

export function applyResultPlan(layout: Layout, { removed, described }: ResultPlan): void {
  for (const realisation of described) {
    try {
      writeRealisation(layout, realisation, readAction(layout, realisation.key))
    } catch {
      rmSync(resultFile(layout, realisation.key), { force: true }) // no room: then it is forgotten
    }
  }
  for (const { file } of removed) rmSync(file, { force: true })
}
