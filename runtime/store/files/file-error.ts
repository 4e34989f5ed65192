// file-error.ts — turns an operating system's refusal into an error that says what was being done and what may help.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { noRoom } from './full-file-system.ts'

const HINTS: Readonly<Record<string, string>> = {
  EACCES: 'Check the owner and the permissions of that path.',
  EPERM: 'Check the owner and the permissions of that path.',
  EROFS: 'That file system is read-only: point TENON_HOME to a writable directory.',
  ENOENT: 'Something else removed it meanwhile: run the command again.',
}

/**
 * `doing` completes "could not …"; `place` is where. Errors that are none of the file system's pass unchanged.
 * @throws CodedError TN5001, TN5002
 */
export function withFileErrors<T>(doing: string, place: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) throw error
    const isFull = noRoom(error, place)
    if (isFull !== undefined) throw isFull
    const hint = HINTS[String(error.code)]
    throw new CodedError('TN5001', `could not ${doing}: ${error.message}`, {
      cause: error,
      ...(hint && { hint }),
    })
  }
}
