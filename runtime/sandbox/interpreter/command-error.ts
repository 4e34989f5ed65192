// command-error.ts — what `$` of a body gives, and how a command fails. Runs inside the step, bundled into its runner.
import type { Argument } from './command-words.ts'

export interface CommandResult {
  /** Without the last newline. */
  readonly stdout: string
  readonly exitCode: number
}

export interface Shell {
  (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<CommandResult>
  in(directory: string): Shell
}

/** A command that could not be started, exited with another code than 0, or was killed. */
export class CommandError extends Error {
  readonly command: string
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  constructor(
    argv: readonly string[],
    fact: string,
    ended: { code: number | null; signal: string | null; stdout: string },
  ) {
    super(`\`${shown(argv)}\` ${fact}`)
    this.name = 'CommandError'
    this.command = shown(argv)
    this.code = ended.code
    this.signal = ended.signal
    this.stdout = ended.stdout
  }
}

export function notStarted(argv: readonly string[], directory: string): CommandError {
  const fact = `could not be started: no such command on PATH, or no directory ${directory}`
  return new CommandError(argv, fact, { code: null, signal: null, stdout: '' })
}

/** What a command that has ended comes to; `stdout` is all that it wrote. */
export function outcome(
  argv: readonly string[],
  ended: { readonly code: number | null; readonly signal: string | null; readonly stdout: string },
): CommandResult | CommandError {
  const { code, signal } = ended
  const stdout = ended.stdout.replace(/\r?\n$/, '')
  if (code === 0) return { stdout, exitCode: 0 }
  const fact = signal === null ? `exited with code ${code}` : `was killed by ${signal}`
  return new CommandError(argv, fact, { code, signal, stdout })
}

/** The error tells where the command was asked for: nothing leads back there from where it failed. */
export async function tracked<T>(act: () => Promise<T>): Promise<T> {
  const { stack: here = '' } = new Error()
  try {
    return await act()
  } catch (error) {
    // Node's stacks begin with the error itself, those of quickjs do not.
    if (error instanceof CommandError)
      error.stack = here.replace(/^Error(?=\n)/, () => `${error.name}: ${error.message}`)
    throw error
  }
}

export function shown(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
}
