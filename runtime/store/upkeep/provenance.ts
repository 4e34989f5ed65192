// provenance.ts — of one object: who refers to it, what keeps it, which results name it. Reads records only.
import type { Layout } from '../layout.ts'
import type { StoreObject } from '../object.ts'
import type { Realisation } from '../realisation.ts'
import type { StorePath } from '../store-path.ts'
import { inventory, results } from './inventory.ts'
import { rootLinks } from './root-links.ts'

export interface Provenance {
  readonly object: StoreObject
  readonly referrers: readonly StorePath[]
  readonly closureObjects: number
  readonly closureBytes: number
  /** Links that keep the object, itself or through another. */
  readonly roots: readonly string[]
  /** Actions that gave it. */
  readonly madeBy: readonly Realisation[]
}

/** Undefined when there is no such object. @throws CodedError TN5040 */
export function provenance(layout: Layout, path: StorePath): Provenance | undefined {
  const objects = new Map(
    inventory(layout).flatMap(({ object, hasFiles }) => (object && hasFiles ? [[object.path, object]] : [])),
  )
  const object = objects.get(path)
  if (object === undefined) return undefined
  const closure = [...reach(path, (each) => objects.get(each)?.references ?? [])]
  const referrersOf = (each: StorePath): readonly StorePath[] =>
    [...objects.values()].filter(({ references }) => references.includes(each)).map((other) => other.path)
  const holders = reach(path, referrersOf)
  return {
    object,
    referrers: referrersOf(path),
    closureObjects: closure.length,
    closureBytes: closure.reduce((sum, each) => sum + (objects.get(each)?.contentBytes ?? 0), 0),
    roots: rootLinks(layout).flatMap(({ link, object: held }) =>
      held !== null && holders.has(held) ? [link] : [],
    ),
    madeBy: results(layout).flatMap(({ realisation }) =>
      realisation?.artifacts.some((artifact) => artifact.object === path) === true ? [realisation] : [],
    ),
  }
}

function reach(start: StorePath, next: (path: StorePath) => readonly StorePath[]): ReadonlySet<StorePath> {
  const reached = new Set<StorePath>()
  const open = [start]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    open.push(...next(path))
  }
  return reached
}
