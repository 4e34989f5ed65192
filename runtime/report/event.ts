// event.ts — everything that happens during a build, as one union. Reporters only render it; nothing here prints.
import type { CodedError } from '../../dsl/plan/coded-error.ts'
import type { SourcePosition } from '../../dsl/plan/plan.ts'

/** Raised when a field of `--json` lines changes its meaning. */
export const EVENT_SCHEMA_VERSION = 1

export interface StepLabel {
  readonly index: number // into Plan.steps
  readonly chain: string
  readonly step: string
}
export type BuildEvent =
  | {
      readonly kind: 'planned'
      readonly steps: number
      readonly packages: readonly string[]
      readonly fromCache: boolean
    }
  | { readonly kind: 'sandbox'; readonly rung: string; readonly weakerBecause: string | null }
  | { readonly kind: 'step-started'; readonly label: StepLabel }
  | { readonly kind: 'step-log'; readonly label: StepLabel; readonly line: string }
  | {
      readonly kind: 'step-progress'
      readonly label: StepLabel
      readonly doneBytes: number
      readonly totalBytes: number | null
    }
  | {
      readonly kind: 'step-finished'
      readonly label: StepLabel
      readonly from: 'store' | 'run' // found, or run now
      readonly durationMs: number
    }
  | {
      readonly kind: 'step-failed'
      readonly label: StepLabel
      readonly error: CodedError
      readonly logFile: string | null
      readonly logTail: readonly string[]
      readonly durationMs: number
    }
  | { readonly kind: 'step-skipped'; readonly label: StepLabel; readonly becauseOf: StepLabel } // an input failed
  | { readonly kind: 'warning'; readonly message: string; readonly position?: SourcePosition | null }
  | {
      readonly kind: 'finished'
      readonly ran: number
      readonly found: number
      readonly failed: number
      readonly processes: number
      readonly durationMs: number
    }
