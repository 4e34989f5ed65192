// clock.ts — the time that reporters show, and their ticks. Never part of a key.

export interface Clock {
  readonly nowMs: () => number
  /** Calls `tick` every `intervalMs` until the function it returns is called. */
  readonly every: (intervalMs: number, tick: () => void) => () => void
}

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  every: (intervalMs, tick) => {
    const timer = setInterval(tick, intervalMs).unref()
    return () => clearInterval(timer)
  },
}
