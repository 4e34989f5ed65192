// source-stamp.ts — has a project source changed since it was stored? Told from file status alone; reads no contents.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { digestOf } from '../../dsl/plan/digest.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import { listSource, type SourceParams } from './source/list.ts'

/** Two changes within this time may leave the same mtime and ctime: a kernel's clock tick, and then some. */
const RACY_MS = 50

/**
 * A text that stays the same while no file of the source was added, removed, written, replaced or re-moded. A file written in this very
 * moment makes it one that never comes again, as git does for its index: such a source is copied once more next time.
 * @throws CodedError TN4200–TN4205
 */
export function sourceStamp(params: SourceParams, projectRoot: string, home: string): string {
  const nowMs = Date.now()
  const { base, entries } = listSource(params, projectRoot, [home])
  const isRacy = entries.some((entry) => Math.max(entry.modifiedMs, entry.changedMs) > nowMs - RACY_MS)
  const once = isRacy ? randomUUID() : null
  return digestOf(canonicalJson({ format: 1, base, single: params.single, entries, once }))
}

/** Stamp → store path, at `<home>/cache/sources`. The caller checks that the object is still there. */
export class StampCache {
  readonly #directory: string
  constructor(home: string) {
    this.#directory = join(home, 'cache', 'sources')
  }
  get(stamp: string): string | undefined {
    try {
      return readFileSync(join(this.#directory, stamp), 'utf8')
    } catch {
      return undefined // never stored, or the cache was deleted
    }
  }
  set(stamp: string, storePath: string): void {
    mkdirSync(this.#directory, { recursive: true })
    const staged = join(this.#directory, `.${randomUUID()}`)
    try {
      writeFileSync(staged, storePath)
      renameSync(staged, join(this.#directory, stamp))
    } finally {
      rmSync(staged, { force: true })
    }
  }
}
