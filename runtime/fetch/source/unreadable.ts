// unreadable.ts — the error for a file of the project that can't be read.
import { CodedError } from '../../../dsl/plan/coded-error.ts'

export function unreadable(path: string, error: unknown): CodedError {
  return new CodedError(
    'TN4203',
    `${JSON.stringify(path)} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    {
      hint: 'Make it readable (its name must be UTF-8 too), or exclude it.',
      cause: error,
    },
  )
}
