// pins.ts — what a process uses of the store, noted for the collector of another process to leave alone. Deletes nothing.
import { closeSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { waitForOthers } from './lock.ts'
import { freshPath, livingDirectories } from './scratch.ts'

const LABEL = 'pins'

const open = new Set<Pins>()

/** Store paths and keys, until `release` or the end of the process, however it ends. */
export class Pins {
  readonly #tmp: string
  readonly #collectorLock: string
  readonly #held = new Set<string>()
  #notes: { readonly file: string; readonly descriptor: number } | undefined

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
    this.#notes ??= this.#begin()
    const text = Buffer.from(fresh.map((name) => `${name}\n`).join(''))
    for (let at = 0; at < text.length;) at += writeSync(this.#notes.descriptor, text, at)
    waitForOthers(this.#collectorLock)
    for (const name of fresh) this.#held.add(name)
    return fresh
  }

  release(): void {
    if (this.#notes !== undefined) {
      rmSync(this.#notes.file, { force: true })
      closeSync(this.#notes.descriptor)
    }
    this.#notes = undefined
    this.#held.clear()
    open.delete(this)
  }

  #begin(): { readonly file: string; readonly descriptor: number } {
    const file = freshPath(this.#tmp, LABEL)
    if (open.size === 0) process.off('exit', releaseAll).prependListener('exit', releaseAll) // before the folder goes
    open.add(this)
    return { file, descriptor: openSync(file, 'a') }
  }
}

function releaseAll(): void {
  for (const pins of open) pins.release()
}

/** What processes hold that may be running. @throws ErrnoException when that can't be read: nobody may collect then */
export function pinned(tmp: string): ReadonlySet<string> {
  const files = livingDirectories(tmp).flatMap((directory) =>
    (unlessGone(() => readdirSync(directory)) ?? [])
      .filter((name) => name.startsWith(`${LABEL}.`))
      .map((name) => `${directory}/${name}`),
  )
  return new Set(files.flatMap((file) => unlessGone(() => readFileSync(file, 'utf8'))?.split('\n') ?? []))
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // Node's file system calls throw no other
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}
