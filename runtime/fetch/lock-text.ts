// lock-text.ts — the text of tenon.lock: written sorted, read with an error for each way it can be damaged. Touches no file.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { byCodeUnit } from '../../dsl/plan/json.ts'
import { parseIntegrity } from './integrity.ts'

/** Lock key (`lockKeyOf`) → SRI. */
export type Locked = Readonly<Record<string, string>>

/** Sorted, one entry a line: so that version control merges what two branches add. */
export function lockText(entries: Locked): string {
  const lines = Object.entries(entries)
    .toSorted(([a], [b]) => byCodeUnit(a, b))
    .map(([key, hash]) => `    ${JSON.stringify(key)}: ${JSON.stringify(hash)}`)
  const body = lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n  }`
  return `{\n  "version": 1,\n  "fetches": ${body}\n}\n`
}

/** @throws CodedError TN4100–TN4103, at the line. */
export function parseLock(text: string, file: string): Locked {
  const marker = lineOf(text, /^(<{7}|={7}|>{7}|\|{7})( |$)/)
  if (marker !== null)
    throw new CodedError('TN4101', 'tenon.lock holds the marks of an unfinished merge', {
      hint: 'Keep the lines of both sides (each fetch has one), remove the marks; where both sides have the same key, keep one and build.',
      position: { file, line: marker, column: 1 },
    })
  const lock = parseJson(text, file)
  if (!isRecord(lock) || !isRecord(lock.fetches) || lock.version === undefined)
    throw badLock(file, 1, 'it is not {"version": 1, "fetches": {…}}')
  if (lock.version !== 1)
    throw new CodedError(
      'TN4102',
      `tenon.lock has version ${JSON.stringify(lock.version)}; this Tenon reads version 1`,
      {
        hint: 'Use the version of Tenon that wrote it, or remove it and build to write it anew.',
        position: { file, line: lineOf(text, /"version"/) ?? 1, column: 1 },
      },
    )
  refuseDuplicates(text, file)
  return checkEntries(lock.fetches, text, file)
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const offset = /at position (\d+)/.exec(message)?.[1]
    const before = offset === undefined ? text : text.slice(0, Number(offset))
    throw badLock(file, before.split('\n').length, message, error)
  }
}

function checkEntries(fetches: Readonly<Record<string, unknown>>, text: string, file: string): Locked {
  const entries: [string, string][] = []
  for (const [key, hash] of Object.entries(fetches)) {
    const line = text.split('\n').findIndex((one) => one.trimStart().startsWith(JSON.stringify(key))) + 1
    if (typeof hash !== 'string') throw badHash(file, Math.max(line, 1), key, 'its hash is not a text')
    try {
      parseIntegrity(hash)
    } catch (error) {
      throw badHash(file, Math.max(line, 1), key, error instanceof Error ? error.message : String(error))
    }
    entries.push([key, hash])
  }
  return Object.fromEntries(entries)
}

/** JSON.parse would take the last of two entries that a merge put side by side. */
function refuseDuplicates(text: string, file: string): void {
  const seen = new Map<string, string>()
  for (const [index, line] of text.split('\n').entries()) {
    const match = /^\s*("(?:[^"\\]|\\.)*")\s*:\s*("(?:[^"\\]|\\.)*")/.exec(line)
    if (match?.[1] === undefined || match[2] === undefined) continue
    const earlier = seen.get(match[1])
    if (earlier !== undefined && earlier !== match[2])
      throw badHash(file, index + 1, match[1], 'it is there twice, with two hashes')
    seen.set(match[1], match[2])
  }
}

function badLock(file: string, line: number, why: string, cause?: unknown): CodedError {
  return new CodedError('TN4100', `tenon.lock cannot be read: ${why}`, {
    hint: 'Restore it from version control, or remove it and build to write it anew.',
    position: { file, line, column: 1 },
    cause,
  })
}

function badHash(file: string, line: number, key: string, why: string): CodedError {
  return new CodedError('TN4103', `the entry ${key} of tenon.lock is wrong: ${why}`, {
    hint: 'Remove the line and build to write it anew.',
    position: { file, line, column: 1 },
  })
}

function lineOf(text: string, pattern: RegExp): number | null {
  const index = text.split('\n').findIndex((line) => pattern.test(line))
  return index < 0 ? null : index + 1
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
