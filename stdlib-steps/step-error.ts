// step-error.ts — how a body of these steps fails: code, fact, what to do. Leaves the layout of the log to the runner.

/** `code` has a section in docs/errors.md; the message carries all of it because a log line is all that leaves a step. */
export class StepError extends Error {
  readonly code: string
  readonly hint: string
  constructor(code: string, fact: string, hint: string, cause?: unknown) {
    super(`${fact}\n  hint: ${hint}`, { cause })
    this.name = code
    this.code = code
    this.hint = hint
  }

  /** In the step's log: no stack, which would say where in these steps it was thrown. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `${this.code}: ${this.message}`
  }
}

/** What was thrown, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Errors of the file system (disk full, name too long): they say nothing about the data. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
