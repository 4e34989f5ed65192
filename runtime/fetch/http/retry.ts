// retry.ts — how often and after which pause a failed transfer is tried again.
import { setTimeout as sleep } from 'node:timers/promises'
import { TransferFailure } from '../failure.ts'

export interface Patience {
  /** Tries in a row that bring nothing new. */
  readonly attempts: number
  /** The pause after the first failed try; it doubles up to `longestPauseMs`. */
  readonly firstPauseMs: number
  /** A Retry-After beyond this ends the tries. */
  readonly longestPauseMs: number
  /** Silence after which a connection is given up. */
  readonly stallMs: number
}
export const PATIENCE: Patience = { attempts: 5, firstPauseMs: 500, longestPauseMs: 60_000, stallMs: 30_000 }

export interface Retry {
  readonly patience: Patience
  readonly signal: AbortSignal
  /** The most bytes that are here so far: a try that brings more does not count as failed. */
  readonly reached: () => number
  readonly onNote: (line: string) => void
}

/** Runs the task until it succeeds. @throws what the task threw last; the signal's reason when cancelled. */
export async function retrying<T>(o: Retry, task: () => Promise<T>): Promise<T> {
  // A server that sends a few bytes and hangs up brings something new each time: so tries are limited altogether too.
  let left = o.patience.attempts * 10
  for (let failed = 0; ;) {
    const before = o.reached()
    try {
      return await task()
    } catch (error) {
      if (!(error instanceof TransferFailure) || !error.retriable) throw error
      failed = o.reached() > before ? 1 : failed + 1
      left -= 1
      const pause = pauseMs(failed, error.retryAfterMs, o.patience)
      if (failed >= o.patience.attempts || left <= 0 || pause > o.patience.longestPauseMs) throw error
      o.onNote(`${error.message}; trying again in ${(pause / 1000).toFixed(1)} s`)
      await sleep(pause, undefined, { signal: o.signal }).catch(() => o.signal.throwIfAborted())
    }
  }
}

/** Doubling, between half and whole at random so that many machines do not come back at once. */
function pauseMs(failed: number, asked: number | null, patience: Patience): number {
  if (asked !== null) return asked
  const whole = Math.min(patience.firstPauseMs * 2 ** (failed - 1), patience.longestPauseMs)
  return whole * (0.5 + Math.random() / 2)
}
