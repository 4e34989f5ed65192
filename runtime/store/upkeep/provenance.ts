// provenance.ts — of one object: who refers to it or stands on it, what keeps it, which results name it. Reads records only.
import type { Layout } from '../layout.ts'
import type { StoreObject } from '../object.ts'
import type { Realisation } from '../realisation.ts'
import type { StorePath } from '../store-path.ts'
import { inventory, type InventoryEntry, results } from './inventory.ts'
import { rootLinks } from './root-links.ts'

export interface Provenance {
  readonly object: StoreObject
  /** Of a tree in layers: how many there are, and the bytes in its own; null: it is not in layers. */
  readonly layers: { readonly count: number; readonly ownBytes: number } | null
  /** What its layer stands on. */
  readonly below: StorePath | null
  /** Trees whose layers stand on it. */
  readonly above: readonly StorePath[]
  readonly referrers: readonly StorePath[]
  readonly closureObjects: number
  readonly closureBytes: number
  /** Links that keep the object, itself or through another that needs it. */
  readonly roots: readonly string[]
  /** Actions that gave it. */
  readonly madeBy: readonly Realisation[]
}

/** Undefined when there is no such object. @throws CodedError TN5040 */
export function provenance(layout: Layout, path: StorePath): Provenance | undefined {
  const entries = new Map(
    inventory(layout).flatMap((entry) => (entry.object && entry.hasFiles ? [[entry.path, entry]] : [])),
  )
  const entry = entries.get(path)
  if (entry?.object === undefined) return undefined
  const those = (is: (other: InventoryEntry) => boolean | undefined): readonly StorePath[] =>
    [...entries.values()].filter(is).map((other) => other.path)
  const closure = [...reach(path, (each) => entries.get(each)?.object?.references ?? [])]
  const holders = reach(path, (each) => those(({ needs }) => needs.includes(each)))
  const layers = [...reach(path, (each) => entries.get(each)?.layer?.below ?? [])]
  return {
    object: entry.object,
    layers: entry.layer === undefined ? null : { count: layers.length, ownBytes: entry.layer.ownBytes },
    below: entry.layer?.below ?? null,
    above: those(({ layer }) => layer?.below === path),
    referrers: those(({ object }) => object?.references.includes(path)),
    closureObjects: closure.length,
    closureBytes: closure.reduce((sum, each) => sum + (entries.get(each)?.object?.contentBytes ?? 0), 0),
    roots: rootLinks(layout).flatMap(({ link, object: held }) =>
      held !== null && holders.has(held) ? [link] : [],
    ),
    madeBy: results(layout).flatMap(({ realisation }) =>
      realisation?.artifacts.some((artifact) => artifact.object === path) === true ? [realisation] : [],
    ),
  }
}

function reach(
  start: StorePath,
  next: (path: StorePath) => readonly StorePath[] | StorePath,
): ReadonlySet<StorePath> {
  const reached = new Set<StorePath>()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    open.push(...[next(path)].flat())
  }
  return reached
}
