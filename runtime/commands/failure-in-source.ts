// failure-in-source.ts — a failed step's error and log, told in the sources of its body.
import { sep } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Body } from '../../dsl/plan/plan.ts'
import { bodyStack } from './body-stack.ts'
import { bodyFile } from '../load/body-file.ts'
import { isOwnFile } from '../load/own-package.ts'

/** The error gets the innermost position that is the user's own code, where the last stack trace has one. */
export function failureInSource(
  error: CodedError,
  tail: readonly string[],
  body: Body | undefined,
  home: string,
): { readonly error: CodedError; readonly logTail: readonly string[] } {
  if (body?.kind !== 'module') return { error, logTail: tail }
  const { lines, positions } = bodyStack(tail, bodyFile(home, body.digest))
  const position = positions.find(
    ({ file }) => !file.includes(`${sep}node_modules${sep}`) && !isOwnFile(file),
  )
  if (position === undefined || error.position !== undefined) return { error, logTail: lines }
  const { hint, position: _, ...rest } = error
  const { code, message, cause } = error
  const options = { ...rest, cause, position, ...(hint !== undefined && { hint }) }
  return { error: new CodedError(code, message, options), logTail: lines }
}
