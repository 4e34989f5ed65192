// cache-entry.ts — what an earlier load found, kept as JSON under the stamps of all that it came from.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digestOf } from '../../dsl/plan/digest.ts'
import { writeAtomically } from './atomic-write.ts'
import { type Stamp, confirmed } from './stamp.ts'

/** Raised by one whenever the files below change their meaning. */
const FORMAT = 1

export type EntryKind = 'plans' | 'types' | 'modules'

interface Entry {
  readonly format: number
  readonly stamps: readonly Stamp[]
  readonly value: unknown
}

export function cacheDirectory(home: string): string {
  return join(home, 'cache', 'load')
}

function entryFile(home: string, kind: EntryKind, key: string): string {
  return join(cacheDirectory(home), kind, `${digestOf(key)}.json`)
}

/** The value of an entry whose inputs are unchanged; undefined when there is none, or it can't be read. */
export function readEntry(home: string, kind: EntryKind, key: string): unknown {
  const file = entryFile(home, kind, key)
  let entry: Entry
  try {
    // Only writeEntry makes these files, whole; another format is told by its number.
    entry = JSON.parse(readFileSync(file, 'utf8')) as Entry
  } catch {
    return undefined // never written, deleted, or damaged from outside: made anew
  }
  if (entry.format !== FORMAT) return undefined
  const stamps = confirmed(entry.stamps)
  if (stamps === undefined) return undefined
  if (stamps !== entry.stamps) writeEntry(home, kind, key, stamps, entry.value)
  return entry.value
}

/** The paths that an entry was made from; undefined when there is none. */
export function entryInputs(home: string, kind: EntryKind, key: string): readonly string[] | undefined {
  try {
    const entry = JSON.parse(readFileSync(entryFile(home, kind, key), 'utf8')) as Entry // as in readEntry
    return entry.format === FORMAT ? entry.stamps.map(([path]) => path) : undefined
  } catch {
    return undefined
  }
}

export function writeEntry(
  home: string,
  kind: EntryKind,
  key: string,
  stamps: readonly Stamp[],
  value: unknown,
): void {
  writeEntryText(home, kind, key, stamps, JSON.stringify(value))
}

/** The same, of a value that is JSON already. */
export function writeEntryText(
  home: string,
  kind: EntryKind,
  key: string,
  stamps: readonly Stamp[],
  value: string,
): void {
  const head = `"format":${FORMAT},"stamps":${JSON.stringify(stamps)}` // an Entry
  writeAtomically(entryFile(home, kind, key), `{${head},"value":${value}}`)
}
