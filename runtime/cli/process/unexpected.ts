// unexpected.ts — exceptions that nobody planned for, as errors that a user can act on.
import { CodedError } from '../../../dsl/plan/coded-error.ts'

const SYSTEM_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'Make room on that file system, or set TENON_HOME to a directory on another one.',
  EDQUOT: 'Make room in your quota, or set TENON_HOME to a directory elsewhere.',
  EROFS: 'Set TENON_HOME to a directory that can be written.',
  EACCES: 'Check who may read and write there; TENON_HOME says where results are kept.',
  EPERM: 'Check who may read and write there; TENON_HOME says where results are kept.',
  EMFILE: 'Raise the limit of open files (ulimit -n), or run fewer steps at a time (--jobs).',
  ENFILE: 'The machine has too many open files; run fewer steps at a time (--jobs).',
  ENOMEM: 'The machine is out of memory; run fewer steps at a time (--jobs).',
  EIO: 'The disk or its file system is faulty.',
}

/** Our bug, unless the operating system refused something. */
export function asCodedError(thrown: unknown): CodedError {
  if (thrown instanceof CodedError) return thrown
  const system = thrown instanceof Error && 'code' in thrown ? SYSTEM_HINTS[String(thrown.code)] : undefined
  if (system !== undefined && thrown instanceof Error)
    return new CodedError('TN5990', `the operating system refused: ${thrown.message}`, {
      hint: system,
      cause: thrown,
    })
  const text = thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown)
  const [fact = '', ...stack] = text.split('\n')
  return new CodedError('TN9001', `Tenon failed unexpectedly: ${fact}`, {
    details: [...stack.map((line) => line.trim()), ...causesOf(thrown)],
    hint: 'This is a bug in Tenon. Please report it with the lines above, what you ran, and what `tenon version` prints.',
    cause: thrown,
  })
}

function causesOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error) || !(thrown.cause instanceof Error)) return []
  return [`caused by ${thrown.cause.stack ?? String(thrown.cause)}`, ...causesOf(thrown.cause)]
}
