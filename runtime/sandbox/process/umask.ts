// umask.ts — starts a process that is to have the step's umask, whatever the user's is: not every interpreter can set its own.

const STEP_UMASK = 0o022

/** `start` starts it before it returns. */
export function withStepUmask<T>(start: () => T): T {
  const before = process.umask(STEP_UMASK)
  try {
    return start()
  } finally {
    process.umask(before)
  }
}
