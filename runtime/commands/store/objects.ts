// objects.ts — tenon store ls and du: what is in the store and whose it is. Reads records only.
import { layoutOf } from '../../store/layout.ts'
import { Store, type StoreObject } from '../../store/store.ts'
import { inventory, results } from '../../store/upkeep/inventory.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import { namePart, type StorePath } from '../../store/store-path.ts'
import { madeIn } from './made-in.ts'

export interface ListedObject extends StoreObject {
  /** When a build last used it, to the hour; ISO 8601. */
  readonly usedAt: string
}

/** By name. */
export function listObjects(home: string): readonly ListedObject[] {
  const listed = inventory(layoutOf(Store.open(home).home)).flatMap(({ object, hasFiles, usedMs }) =>
    object && hasFiles ? [{ ...object, usedAt: new Date(usedMs).toISOString() }] : [],
  )
  return listed.toSorted((a, b) => byCodeUnit(namePart(a.path), namePart(b.path)))
}

export interface PackageUsage {
  /** null: sources and downloads. */
  readonly package: string | null
  readonly objects: number
  readonly contentBytes: number
}
export interface StoreUsage {
  /** The largest first. An object that several packages made counts for the one that made it first. */
  readonly packages: readonly PackageUsage[]
  readonly objects: number
  readonly contentBytes: number
  /** What all results would take if each had its own files. */
  readonly namedBytes: number
}

export function storeUsage(home: string): StoreUsage {
  const store = Store.open(home)
  const layout = layoutOf(store.home)
  const objects = inventory(layout).filter(({ object, hasFiles }) => object !== undefined && hasFiles)
  const bytes = new Map(objects.map(({ path, object }) => [path, object?.contentBytes ?? 0]))
  const made = results(layout).flatMap(({ realisation }) => realisation ?? [])
  const owners = new Map<StorePath, string>()
  for (const realisation of made.toSorted((a, b) => byCodeUnit(a.at, b.at))) {
    const owner = madeIn(store, realisation.key)?.chain
    for (const { object } of realisation.artifacts)
      if (owner !== undefined && !owners.has(object)) owners.set(object, owner)
  }
  const packages = [...Map.groupBy(objects, ({ path }) => owners.get(path) ?? null)].map(([name, owned]) => ({
    package: name,
    objects: owned.length,
    contentBytes: total(owned.map(({ ownBytes }) => ownBytes)),
  }))
  return {
    packages: packages.toSorted((a, b) => b.contentBytes - a.contentBytes),
    objects: objects.length,
    contentBytes: total(objects.map(({ ownBytes }) => ownBytes)),
    namedBytes: total(made.flatMap(({ artifacts }) => artifacts.map(({ object }) => bytes.get(object) ?? 0))),
  }
}

function total(amounts: readonly number[]): number {
  return amounts.reduce((sum, each) => sum + each, 0)
}
