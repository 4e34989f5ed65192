// rejections.ts — promises of the planning realm that fail and that nobody awaits; those of others go where they went.

export interface Rejection {
  readonly reason: unknown
}

/** Runs `work`; its rejections are told from others by the script's name in their stack. */
export async function watchRejections(scriptName: string, work: () => void): Promise<readonly Rejection[]> {
  const found: Rejection[] = []
  const others = process.listeners('unhandledRejection')
  const listen = (reason: unknown, promise: Promise<unknown>): void => {
    if (stackOf(reason).includes(scriptName)) found.push({ reason })
    else if (others.length === 0) throw reason
    else for (const other of others) other(reason, promise)
  }
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', listen)
  try {
    work()
    // They are told once the microtasks of this turn are done.
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('unhandledRejection', listen)
    for (const other of others) process.on('unhandledRejection', other)
  }
  return found
}

function stackOf(reason: unknown): string {
  const stack: unknown =
    typeof reason === 'object' && reason !== null && 'stack' in reason ? reason.stack : undefined
  return typeof stack === 'string' ? stack : ''
}
