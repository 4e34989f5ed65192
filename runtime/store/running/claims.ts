// claims.ts — one process at a time for each key, by notes that all of them read. Makes one file for any number of keys.
import { futimesSync, lstatSync, readFileSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Digest } from '../../../dsl/plan/digest.ts'
import { LONGEST_PAUSE_MS, type LockOptions, PATIENCE_MS, SIGN_EVERY_MS } from './lock.ts'
import { type Notes, notesFiles, openNotes, unlessGone } from './notes.ts'
import { isGone } from './process-name.ts'

const LABEL = 'claims'
const NONE = ' '.repeat(64) // as long as a key

/**
 * The one-bit algorithm (Burns and Lynch 1980; Lamport, "The mutual exclusion problem II", 1986): who wants a key notes it, then
 * looks who else has. Of two that want one at once, at least one sees the other, and only who sees nobody has it.
 * A note that is half written is none: who writes it has yet to look.
 */
export class Claims {
  readonly #tmp: string
  /** A line of the file each. */
  readonly #keys: (Digest | undefined)[] = []
  #notes: Notes | undefined
  #signs: NodeJS.Timeout | undefined

  constructor(tmp: string) {
    this.#tmp = tmp
  }

  /**
   * Waits while a living process, this one included, has the key.
   * @returns what lets go of it; calling that again does nothing.
   * @throws AbortError when the signal fires.
   */
  async claim(key: Digest, { signal, onWait }: LockOptions = {}): Promise<() => void> {
    let line: number | undefined
    try {
      for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        signal?.throwIfAborted()
        if (line === undefined && !this.#keys.includes(key)) line = this.#note(key)
        if (line !== undefined) {
          const rivals = this.#rivals(key)
          if (rivals === 'none') return this.#letGo(line)
          if (rivals === 'first') line = this.#erase(line)
        }
        if (pauseMs === 2) onWait?.()
        await sleep(pauseMs, undefined, { signal })
      }
    } catch (error) {
      if (line !== undefined) this.#erase(line)
      throw error
    }
  }

  /** Ends the file, unless something is claimed. */
  release(): void {
    if (this.#notes === undefined || this.#keys.some((key) => key !== undefined)) return
    clearInterval(this.#signs)
    this.#notes.close()
    this.#notes = undefined
    this.#keys.length = 0
  }

  /** Of others that noted the key: 'first' has the right of way, 'later' gives it to us. */
  #rivals(key: Digest): 'none' | 'first' | 'later' {
    const own = this.#open().file
    const rivals = notesFiles(this.#tmp, LABEL).filter(
      ({ process, file }) =>
        file !== own &&
        unlessGone(() => readFileSync(file, 'latin1'))?.includes(key) === true &&
        isAlive(process, file),
    )
    return rivals.length === 0 ? 'none' : rivals.some(({ file }) => file < own) ? 'first' : 'later'
  }

  #letGo(line: number): () => void {
    let isHeld = true
    return () => {
      if (isHeld) this.#erase(line)
      isHeld = false
    }
  }

  #note(key: Digest): number {
    const free = this.#keys.indexOf(undefined)
    const line = free === -1 ? this.#keys.length : free
    this.#write(line, key)
    this.#keys[line] = key
    return line
  }

  #erase(line: number): undefined {
    this.#write(line, NONE)
    this.#keys[line] = undefined
  }

  /** Over what the line held: on a full disk, too, a claim can be let go of. */
  #write(line: number, text: string): void {
    writeSync(this.#open().descriptor, `${text}\n`, line * (NONE.length + 1), 'latin1')
  }

  #open(): Notes {
    if (this.#notes !== undefined) return this.#notes
    const notes = openNotes(this.#tmp, LABEL)
    const sign = (): void => futimesSync(notes.descriptor, new Date(), new Date())
    this.#signs = setInterval(sign, SIGN_EVERY_MS).unref()
    return (this.#notes = notes)
  }
}

function isAlive(process: string, file: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  return stat !== undefined && !isGone(process, Date.now() - stat.mtimeMs, PATIENCE_MS)
}
