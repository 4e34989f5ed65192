// lock.ts — one process at a time, by a link that names it. A lock whose process is gone holds nobody up.
import { linkSync, lstatSync, lutimesSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGone, processName } from './process-name.ts'
import { freshPath } from './scratch.ts'

export interface LockOptions {
  readonly signal?: AbortSignal
  /** Called once when another holds the lock. */
  readonly onWait?: () => void
}

export const SIGN_EVERY_MS = 20_000
export const PATIENCE_MS = 600_000
export const LONGEST_PAUSE_MS = 200

let taken = 0

/**
 * Waits while a living process, this one included, holds `file`.
 * @returns what lets go of it; calling that again does nothing.
 * @throws AbortError when the signal fires.
 */
export async function lock(tmp: string, file: string, options: LockOptions = {}): Promise<() => void> {
  const text = `${processName()} ${++taken}` // the number tells one holding from another
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    options.signal?.throwIfAborted()
    if (take(tmp, file, text)) return holding(file, text)
    if (pauseMs === 2) options.onWait?.()
    await sleep(pauseMs, undefined, { signal: options.signal })
  }
}

/** Waits, doing nothing else, while a living process other than this one holds `file`. */
export function waitForOthers(file: string): void {
  for (;;) {
    const text = holder(file)
    if (text === undefined || text.startsWith(`${processName()} `) || isStale(file, text)) return
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5) // sleeps for 5 ms: nobody ever wakes it
  }
}

/** A link's text appears with it, and takes no space: a lock can be had on a full disk. */
function take(tmp: string, file: string, text: string): boolean {
  try {
    symlinkSync(text, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // symlinkSync throws no other kind
    breakWhenStale(tmp, file)
    return false
  }
}

/** Removes the lock when its holder is gone. */
export function breakWhenStale(tmp: string, file: string): void {
  const text = holder(file)
  if (text === undefined || !isStale(file, text)) return
  try {
    const aside = freshPath(tmp, 'stale')
    renameSync(file, aside) // of several that want to break it, one succeeds
    if (holder(aside) !== text) linkSync(aside, file) // it was broken and taken anew meanwhile: give it back
    rmSync(aside)
  } catch {
    // Another was faster, or there is no room to put it aside.
  }
}

function isStale(file: string, text: string): boolean {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return false
  return isGone(text.split(' ')[0] ?? '', Date.now() - stat.mtimeMs, PATIENCE_MS)
}

function holding(file: string, text: string): () => void {
  const signs = setInterval(() => {
    if (holder(file) === text) lutimesSync(file, new Date(), new Date())
  }, SIGN_EVERY_MS).unref()
  return () => {
    clearInterval(signs)
    if (holder(file) === text) rmSync(file)
  }
}

function holder(file: string): string | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined // cheaper than an exception
  try {
    return readlinkSync(file)
  } catch (error) {
    // readlinkSync throws ErrnoException only. EINVAL: something else is there; it counts as a lock until it is old.
    return (error as NodeJS.ErrnoException).code === 'EINVAL' ? '' : undefined
  }
}
