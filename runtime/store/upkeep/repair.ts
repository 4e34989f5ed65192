// repair.ts — removes what verify found, and what rests on it: the next build makes all of it again.
import { rmSync } from 'node:fs'
import { withFileErrors } from '../files/file-error.ts'
import { collectorLock, type Layout } from '../layout.ts'
import { lock } from '../running/lock.ts'
import { pinned } from '../running/pins.ts'
import type { StorePath } from '../store-path.ts'
import { inventory, type InventoryEntry, results } from './inventory.ts'
import { referrersFirst } from './mark.ts'
import { takeOut } from './remove-object.ts'
import type { Problem } from './verify.ts'

export interface Repaired {
  readonly removed: readonly StorePath[]
  readonly removedResults: number
  /** Left alone, because a build that runs uses them. */
  readonly inUse: readonly StorePath[]
}

/** Objects that refer to a bad one, or stand on it, go with it: built again, it may come out otherwise. */
export async function repair(
  layout: Layout,
  problems: readonly Problem[],
  signal?: AbortSignal,
): Promise<Repaired> {
  const release = await lock(layout.tmp, collectorLock(layout), signal === undefined ? {} : { signal })
  try {
    return withFileErrors('repair the store', layout.home, () => removeBad(layout, problems))
  } finally {
    release()
  }
}

function removeBad(layout: Layout, problems: readonly Problem[]): Repaired {
  const held = pinned(layout.tmp)
  const entries = inventory(layout)
  const bad = withReferrers(entries, problems)
  const inUse = [...bad].filter((path) => held.has(path))
  const going = inUse.length > 0 ? new Set<StorePath>() : bad // all or nothing, or references would break
  const broken = results(layout).filter(
    ({ file, realisation }) =>
      realisation?.artifacts.some(({ object }) => going.has(object)) === true ||
      problems.some((problem) => problem.kind === 'result' && problem.file === file),
  )
  for (const { file } of broken) rmSync(file, { force: true })
  const leaving = entries.filter(({ path }) => going.has(path))
  for (const { path } of referrersFirst(leaving)) takeOut(layout, path)()
  return { removed: [...going], removedResults: broken.length, inUse }
}

function withReferrers(entries: readonly InventoryEntry[], problems: readonly Problem[]): Set<StorePath> {
  const bad = new Set(problems.flatMap((problem) => (problem.kind === 'object' ? [problem.path] : [])))
  for (let before = -1; before !== bad.size;) {
    before = bad.size
    for (const { path, needs } of entries) if (needs.some((need) => bad.has(need))) bad.add(path)
  }
  return bad
}
