// mark.ts — which objects must stay: those that something holds, and all that they refer to or stand on. Removes nothing.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { StorePath } from '../store-path.ts'
import type { InventoryEntry } from './inventory.ts'

export interface Holders {
  readonly rooted: Iterable<StorePath>
  /** By running builds: store paths among other names. */
  readonly pinned: Iterable<string>
  /** Objects used since then stay, too. */
  readonly keepSinceMs: number | null
}

/**
 * The objects that are held, by path, with their closures.
 * @throws CodedError TN5041 when the references of one of them cannot be read: then nothing may be removed.
 */
export function mark(entries: readonly InventoryEntry[], holders: Holders): ReadonlySet<StorePath> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const { keepSinceMs } = holders
  const recent = keepSinceMs === null ? [] : entries.filter(({ usedMs }) => usedMs >= keepSinceMs)
  const live = new Set<StorePath>()
  // A path that is pinned may be without record yet: an object on its way in. Its references are pinned as well.
  for (const path of holders.pinned) if (byPath.has(path)) live.add(path)
  const open = [...holders.rooted, ...recent.map(({ path }) => path), ...live].filter((path) =>
    byPath.has(path),
  )
  const seen = new Set<StorePath>()
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const entry = byPath.get(path)
    if (entry === undefined || seen.has(path)) continue
    seen.add(path)
    if (entry.object === undefined && !live.has(path)) throw unreadable(path)
    live.add(path)
    open.push(...entry.needs)
  }
  return live
}

function unreadable(path: StorePath): CodedError {
  return new CodedError('TN5041', `${path} is in use, but its record cannot be read`, {
    hint: 'Nothing was removed, because it is not known what the object refers to. Run tenon store verify --repair, build it again, then collect.',
  })
}

/** Referrers first, and what stands on another: whoever stops in between leaves no object behind that lacks something. */
export function referrersFirst(entries: readonly InventoryEntry[]): readonly InventoryEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const ordered: InventoryEntry[] = []
  const seen = new Set<StorePath>()
  const visit = (entry: InventoryEntry): void => {
    if (seen.has(entry.path)) return
    seen.add(entry.path)
    for (const need of entry.needs) {
      const next = byPath.get(need)
      if (next !== undefined) visit(next)
    }
    ordered.push(entry)
  }
  entries.forEach(visit)
  return ordered.reverse()
}
