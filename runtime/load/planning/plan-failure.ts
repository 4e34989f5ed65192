// plan-failure.ts — an exception of the planning realm as an error a user meets.
import { CodedError, type CodedErrorOptions } from '../../../dsl/plan/coded-error.ts'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'
import type { Locate } from './locate.ts'

/** Globals of Node and of browsers that the realm lacks: what makes a plan depend on more than its files. */
const WORLD = new Set(
  (
    'process require module exports Buffer __dirname __filename global window ' +
    'fetch WebSocket EventSource XMLHttpRequest navigator crypto performance localStorage ' +
    'setTimeout setInterval setImmediate queueMicrotask clearTimeout clearInterval'
  ).split(' '),
)

export function planFailure(error: unknown, locate: Locate, timeoutMs: number): CodedError {
  const { name, message, stack, code } = partsOf(error)
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
    return new CodedError('TN1202', `planning did not end within ${timeoutMs / 1000} s`, {
      hint: 'Look for an endless loop in the build file or a module it imports.',
    })
  const position = locate(stack)
  if (name === 'CodedError') return codedInRealm(error, message, position, locate)
  const missing = name === 'ReferenceError' ? /^(\S+) is not defined$/.exec(message)?.[1] : undefined
  const at = position === null ? {} : { position }
  if (missing !== undefined && WORLD.has(missing))
    return new CodedError('TN1201', `planning used ${missing}`, {
      ...at,
      hint: 'A plan depends on its files alone, so it has no process, network or clock. Do it in the body of a step.',
    })
  return new CodedError('TN1200', `planning failed: ${name === 'Error' ? '' : `${name}: `}${message}`, {
    ...at,
    cause: error,
  })
}

/** Errors of the realm are of another Error class than ours: they are known by their members. */
function partsOf(error: unknown): { name: string; message: string; stack: string; code: unknown } {
  if (typeof error !== 'object' || error === null)
    return { name: 'Error', message: String(error), stack: '', code: undefined }
  const text = (key: string): string => {
    const value: unknown = Reflect.get(error, key)
    return typeof value === 'string' ? value : ''
  }
  return {
    name: text('name') || 'Error',
    message: text('message'),
    stack: text('stack'),
    code: Reflect.get(error, 'code'),
  }
}

function codedInRealm(
  error: unknown,
  message: string,
  located: SourcePosition | null,
  locate: Locate,
): CodedError {
  // An instance of the realm's copy of the same class.
  const coded = error as CodedErrorOptions & { readonly code: string }
  const position = coded.position ?? located
  return new CodedError(coded.code, message, {
    ...(coded.hint === undefined ? {} : { hint: coded.hint }),
    ...(position === null ? {} : { position: { ...position } }),
    details: [...(coded.details ?? [])],
    related: (coded.related ?? []).map(({ fact, stack = '', property }) => {
      const place = locate(stack, property)
      return place === null ? { fact } : { fact, position: place }
    }),
    cause: error,
  })
}
