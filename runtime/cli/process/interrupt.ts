// interrupt.ts — Ctrl-C and its kin: while steps run, the first asks them to end, the second ends at once.

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const
type Signal = keyof typeof NUMBERS

export interface Interrupt {
  readonly signal: AbortSignal
  /** 128 + the number of the signal that came; null while none has. */
  readonly exitCode: () => number | null
  /** From now on the first signal only aborts `signal`: what runs can be ended in order. */
  readonly beGraceful: () => void
  /** From now on Ctrl-C is for the program that shares the terminal. */
  readonly leaveTerminal: () => void
}

export function watchSignals(kill: (exitCode: number) => void): Interrupt {
  const controller = new AbortController()
  let exitCode: number | null = null
  let isGraceful = false
  let isTerminalLeft = false
  for (const signal of Object.keys(NUMBERS) as Signal[])
    // the keys of the table
    process.on(signal, () => {
      if (isTerminalLeft && signal === 'SIGINT') return
      const isFirst = exitCode === null
      exitCode = 128 + NUMBERS[signal]
      if (!isGraceful || !isFirst) return kill(exitCode)
      controller.abort()
    })
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    beGraceful: () => (isGraceful = true),
    leaveTerminal: () => (isTerminalLeft = true),
  }
}
