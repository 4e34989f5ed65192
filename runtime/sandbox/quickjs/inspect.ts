// inspect.ts — a value as text for the log: strings as they are, errors with stack and cause, data as JSON. Runs inside the step.
import { canonicalJson } from '../../../dsl/plan/json.ts'

export function inspect(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Error) return inspectError(value, new Set())
  try {
    return canonicalJson(value)
  } catch {
    return String(value)
  }
}

function inspectError(error: Error, seen: Set<unknown>): string {
  seen.add(error)
  const stack = (error.stack ?? '').trimEnd()
  const causes = [
    ...(error.cause === undefined ? [] : [['cause', error.cause] as const]),
    ...(error instanceof AggregateError ? error.errors.map((each: unknown) => ['error', each] as const) : []),
  ].filter(([, cause]) => !seen.has(cause))
  const told = causes.map(
    ([name, cause]) =>
      `  [${name}]: ${(cause instanceof Error ? inspectError(cause, seen) : inspect(cause)).replaceAll('\n', '\n  ')}`,
  )
  return [String(error), ...(stack === '' ? [] : [stack]), ...told].join('\n')
}
