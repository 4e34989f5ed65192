// lock.ts — one process at a time, by a file that names it. A lock whose process is gone holds nobody up.
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isGone, processName } from './process-name.ts'
import { freshPath } from './scratch.ts'

export interface LockOptions {
  readonly signal?: AbortSignal
  /** Called once when another holds the lock. */
  readonly onWait?: () => void
}

const SIGN_EVERY_MS = 20_000
const PATIENCE_MS = 600_000
const LONGEST_PAUSE_MS = 200

/**
 * Waits while a living process, this one included, holds `file`.
 * @returns what lets go of it; calling that again does nothing.
 * @throws AbortError when the signal fires.
 */
export async function lock(tmp: string, file: string, options: LockOptions = {}): Promise<() => void> {
  const text = `${processName()} ${freshPath(tmp, 'lock')}` // the path is unique: it tells one holding from another
  for (let pauseMs = 2; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    options.signal?.throwIfAborted()
    if (take(tmp, file, text)) return holding(file, text)
    if (pauseMs === 2) options.onWait?.()
    await sleep(pauseMs, undefined, { signal: options.signal })
  }
}

function take(tmp: string, file: string, text: string): boolean {
  const temporary = freshPath(tmp, 'lock')
  writeFileSync(temporary, text)
  try {
    linkSync(temporary, file) // with its text, or not at all
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error // linkSync throws no other kind
    breakWhenStale(tmp, file)
    return false
  } finally {
    rmSync(temporary)
  }
}

function breakWhenStale(tmp: string, file: string): void {
  const text = holder(file)
  const stat = statSync(file, { throwIfNoEntry: false })
  if (text === undefined || stat === undefined) return
  if (!isGone(text.split(' ')[0] ?? '', Date.now() - stat.mtimeMs, PATIENCE_MS)) return
  const taken = freshPath(tmp, 'stale')
  try {
    renameSync(file, taken) // of several that want to break it, one succeeds
    if (holder(taken) !== text) linkSync(taken, file) // it was broken and taken anew meanwhile: give it back
  } catch {
    // Another was faster.
  }
  rmSync(taken, { force: true })
}

function holding(file: string, text: string): () => void {
  const signs = setInterval(() => {
    if (holder(file) === text) utimesSync(file, new Date(), new Date())
  }, SIGN_EVERY_MS).unref()
  return () => {
    clearInterval(signs)
    if (holder(file) === text) rmSync(file)
  }
}

function holder(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
