// stamp.ts — whether input files are still what they were: by size, times and inode, else by content.
import { type Stats, readFileSync, statSync } from 'node:fs'
import { type Digest, digestOf } from '../../dsl/plan/digest.ts'

/** `trait` names size, times and inode; empty when the file was too young to trust them. `digest` null: was absent. */
export type Stamp = readonly [path: string, trait: string, digest: Digest | null]

/** Kernels stamp files by a clock that ticks this coarsely: a younger file may change without changing its times. */
const CLOCK_TICK_MS = 40

function traitOf(stats: Stats): string {
  return `${stats.size}:${stats.mtimeMs}:${stats.ctimeMs}:${stats.ino}`
}

function stampOf(path: string): Stamp {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined || !stats.isFile()) return [path, '', null]
  const isYoung = stats.ctimeMs > Date.now() - CLOCK_TICK_MS
  return [path, isYoung ? '' : traitOf(stats), digestOf(readFileSync(path))]
}

/** @returns undefined when an input changed after `sinceMs`: what was made of it may be of either text. */
export function stampAll(paths: Iterable<string>, sinceMs: number): readonly Stamp[] | undefined {
  const stamps: Stamp[] = []
  for (const path of new Set(paths)) {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats !== undefined && stats.ctimeMs >= sinceMs) return undefined
    stamps.push(stampOf(path))
  }
  return stamps
}

/**
 * @returns undefined when a file's content changed; the same list when all is as stamped; a new list when only
 *   traits changed, worth writing back so that the next look is quick.
 */
export function confirmed(stamps: readonly Stamp[]): readonly Stamp[] | undefined {
  let fresh: Map<number, Stamp> | undefined
  for (const [index, stamp] of stamps.entries()) {
    const [path, trait, digest] = stamp
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isFile()) {
      if (digest !== null) return undefined
      continue
    }
    if (digest === null) return undefined
    if (trait !== '' && trait === traitOf(stats)) continue
    const now = stampOf(path)
    if (now[2] !== digest) return undefined
    fresh ??= new Map()
    fresh.set(index, now)
  }
  return fresh === undefined ? stamps : stamps.map((stamp, index) => fresh.get(index) ?? stamp)
}
