// source/stamp-cache.ts — which store object a source with this stamp became. May be deleted at any time.
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
