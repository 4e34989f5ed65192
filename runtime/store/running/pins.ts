// pins.ts — what a process uses of the store, noted for the collector of another process to leave alone. Deletes nothing.
import { readFileSync, writeSync } from 'node:fs'
import { waitForOthers } from './lock.ts'
import { type Notes, notesFiles, openNotes, unlessGone } from './notes.ts'
import { mayLive } from './scratch.ts'

const LABEL = 'pins'

/** Store paths and keys, until `release` or the end of the process, however it ends. */
export class Pins {
  readonly #tmp: string
  readonly #collectorLock: string
  readonly #held = new Set<string>()
  #notes: Notes | undefined

  constructor(tmp: string, collectorLock: string) {
    this.#tmp = tmp
    this.#collectorLock = collectorLock
  }

  /**
   * After this, what is there stays. A collector takes its lock before it reads the notes, and we write ours before we
   * look for its lock: so either it sees our note, or we wait here until it has finished.
   * @returns those that were not noted before.
   */
  hold(names: readonly string[]): readonly string[] {
    const fresh = names.filter((name) => !this.#held.has(name))
    if (fresh.length === 0) return fresh
    this.#notes ??= openNotes(this.#tmp, LABEL)
    const text = Buffer.from(fresh.map((name) => `${name}\n`).join(''))
    for (let at = 0; at < text.length;) at += writeSync(this.#notes.descriptor, text, at)
    waitForOthers(this.#collectorLock)
    for (const name of fresh) this.#held.add(name)
    return fresh
  }

  release(): void {
    this.#notes?.close()
    this.#notes = undefined
    this.#held.clear()
  }
}

/** What processes hold that may be running. @throws ErrnoException when that can't be read: nobody may collect then */
export function pinned(tmp: string): ReadonlySet<string> {
  const files = notesFiles(tmp, LABEL).filter(({ process }) => mayLive(tmp, process))
  return new Set(files.flatMap(({ file }) => unlessGone(() => readFileSync(file, 'utf8'))?.split('\n') ?? []))
}
