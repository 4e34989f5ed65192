// absent.ts — what a schema makes of a missing member, found out by parsing one. Leaves which zod it is to the readers.
import { canonicalJson, NotJsonError, type Json } from '../plan/json.ts'
import { refuse } from './refusal.ts'
import type { Absent } from './shape.ts'

export type Parsed = {
  readonly success: boolean
  readonly data?: unknown
  readonly error?: Error | undefined
}

/** From the result of parsing `undefined`. */
export function absentFrom(parsed: Parsed, at: string): Absent {
  if (!parsed.success) return { kind: 'missing' }
  return parsed.data === undefined ? { kind: 'allowed' } : { kind: 'filled', value: asJson(parsed.data, at) }
}

/** A declared default must itself be accepted; else absence would fail in zod and be filled in JSON Schema. */
export function requireDefault(parsed: Parsed, at: string): void {
  if (parsed.success && parsed.data !== undefined) return
  const why = parsed.error === undefined ? '' : `: ${parsed.error.message}`
  refuse(
    'TN2006',
    at,
    `has a default that its own schema refuses${why}`,
    'give a default that the schema accepts',
  )
}

function asJson(value: unknown, at: string): Json {
  try {
    return JSON.parse(canonicalJson(value)) as Json // canonicalJson writes JSON
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    return refuse(
      'TN2006',
      at,
      `has a default that JSON cannot hold: ${error.message}`,
      'give a plain JSON default',
    )
  }
}
