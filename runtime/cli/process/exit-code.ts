// exit-code.ts — error codes to exit codes: what scripts can tell apart.
import type { CodedError } from '../../../dsl/plan/coded-error.ts'

export const EXIT = {
  ok: 0,
  stepFailed: 1,
  usage: 2,
  plan: 3,
  staleLock: 4,
  unavailable: 69,
  bug: 70,
} as const

/** From where a code's range begins; ARCHITECTURE.md says what the ranges are. */
const RANGES: readonly (readonly [from: number, exit: number])[] = [
  [1000, EXIT.plan],
  [2500, EXIT.stepFailed],
  [4900, EXIT.staleLock],
  [4950, EXIT.unavailable],
  [5000, EXIT.stepFailed],
  [6000, EXIT.usage],
  [7000, EXIT.bug],
]

export function exitCodeOf(error: CodedError): number {
  const number = Number(/^TN(\d{4})$/.exec(error.code)?.[1] ?? 9999)
  return RANGES.findLast(([from]) => number >= from)?.[1] ?? EXIT.bug
}

/** Of failed steps: what all of them agree on, else that steps failed. */
export function exitCodeOfFailures(errors: readonly CodedError[]): number {
  const codes = new Set(errors.map(exitCodeOf))
  const [only] = codes
  return codes.size === 1 && only !== undefined ? only : EXIT.stepFailed
}
