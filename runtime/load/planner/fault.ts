// fault.ts — an error as JSON, to cross from one process to another; and back.
import { CodedError, type CodedErrorOptions } from '../../../dsl/plan/coded-error.ts'

/** `coded`: a CodedError. `system`: what the operating system said beside its message. */
export interface Fault {
  readonly message: string
  readonly stack: string
  readonly cause: Fault | null
  readonly coded: (Omit<CodedErrorOptions, 'cause'> & { readonly code: string }) | null
  readonly system: { readonly code?: string; readonly path?: string; readonly dest?: string }
}

export function faultOf(error: unknown): Fault {
  if (!(error instanceof Error))
    return { message: textOf(error), stack: '', cause: null, coded: null, system: {} }
  const { message, stack = '', cause } = error
  const told = { message, stack, cause: cause === undefined ? null : faultOf(cause) }
  if (!(error instanceof CodedError)) return { ...told, coded: null, system: systemPart(error) }
  const { code, hint, position, details, related } = error
  const known = { ...(hint === undefined ? {} : { hint }), ...(position === undefined ? {} : { position }) }
  return { ...told, coded: { code, details, related, ...known }, system: {} }
}

/** The error that `faultOf` was given, as far as it matters. */
export function errorOf({ message, stack, cause, coded, system }: Fault): Error {
  const because = cause === null ? undefined : errorOf(cause)
  const error =
    coded === null
      ? Object.assign(new Error(message, { cause: because }), system)
      : new CodedError(coded.code, message, { ...coded, cause: because })
  error.stack = stack
  return error
}

function systemPart(error: NodeJS.ErrnoException & { readonly dest?: unknown }): Fault['system'] {
  const text = (key: 'code' | 'path' | 'dest'): object =>
    typeof error[key] === 'string' ? { [key]: error[key] } : {}
  return { ...text('code'), ...text('path'), ...text('dest') }
}

/** Also of errors of another realm, and of anything that can be thrown. */
function textOf(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'a value without text'
  }
}
