// context.ts — what every command is given: its words and flags, the world around it, ways out.
import type { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Paint } from '../report/paint.ts'
import type { Write } from '../report/reporter.ts'
import type { Invocation } from './usage/arguments.ts'
import type { Interrupt } from './process/interrupt.ts'

export interface Context {
  readonly invocation: Invocation
  readonly directory: string // the current one
  readonly environment: NodeJS.ProcessEnv
  readonly home: string
  /** Results, and nothing else. */
  readonly stdout: Write
  readonly stderr: Write
  /** For standard error. */
  readonly paint: Paint
  readonly interrupt: Interrupt
  /** `leave` is called before the process ends, however it does; perhaps more than once. */
  readonly atExit: (leave: () => void) => void
  /** Ends the live view, if there is one. */
  readonly printError: (error: CodedError) => void
}

/** Resolves to the exit code. */
export type Command = (context: Context) => Promise<number>
