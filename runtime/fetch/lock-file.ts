// lock-file.ts — tenon.lock on disk: read, added to by many processes at once. Its text form is lock-text.ts; fetches nothing.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { describeHolder, waitForLock } from './file-lock.ts'
import { parseIntegrity } from './integrity.ts'
import { type Locked, lockText, parseLock } from './lock-text.ts'

const WAIT_MS = 10_000
const lockPath = (projectRoot: string) => join(projectRoot, 'tenon.lock')

/** Empty when there is no tenon.lock. @throws CodedError TN4100–TN4103 with file and line. */
export function readLock(projectRoot: string): Locked {
  const file = lockPath(projectRoot)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw new CodedError('TN4100', `tenon.lock cannot be read: ${String(error)}`, { cause: error })
  }
  return parseLock(text, file)
}

/**
 * Adds entries, or with `replace` overwrites them; what other processes add meanwhile stays.
 * @throws CodedError TN4104 when a key has another hash and `replace` is false; nothing is written then.
 */
export async function addToLock(
  projectRoot: string,
  entries: Locked,
  o: { readonly replace: boolean },
): Promise<void> {
  const file = lockPath(projectRoot)
  for (const hash of Object.values(entries)) parseIntegrity(hash)
  const lock = await writing(`${file}.writing`)
  try {
    const before = readLock(projectRoot)
    const conflicts = Object.keys(entries).filter(
      (key) => Object.hasOwn(before, key) && before[key] !== entries[key],
    )
    if (conflicts.length > 0 && !o.replace) throw conflict(file, before, entries, conflicts)
    const after = lockText({ ...before, ...entries })
    if (after === lockText(before) && Object.keys(before).length > 0) return
    const staged = `${file}.tmp`
    writeFileSync(staged, after)
    renameSync(staged, file)
  } catch (error) {
    throw error instanceof CodedError ? error : unwritable(file, error)
  } finally {
    lock.release()
  }
}

async function writing(file: string): Promise<{ release(): void }> {
  const lock = await waitForLock(file, WAIT_MS).catch((error: unknown) => {
    throw unwritable(file, error)
  })
  if (lock !== null) return lock
  throw new CodedError(
    'TN4105',
    `${describeHolder(file)} has been writing tenon.lock for more than ${WAIT_MS / 1000} s`,
    {
      hint: `When no other build of this project runs, remove ${file}.`,
    },
  )
}

function conflict(file: string, before: Locked, entries: Locked, keys: readonly string[]): CodedError {
  return new CodedError('TN4104', `tenon.lock has another hash for ${keys.join(', ')}`, {
    hint: 'If the new content is what you want, run `tenon update`.',
    details: keys.flatMap((key) => [`locked   ${before[key]}`, `got      ${entries[key]}`]),
    position: { file, line: 1, column: 1 },
  })
}

function unwritable(file: string, error: unknown): CodedError {
  return new CodedError(
    'TN4106',
    `tenon.lock cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    {
      hint: `Make ${file} and its directory writable, or build with --frozen.`,
      cause: error,
    },
  )
}
