// atomic-write.ts — files of the cache that appear whole or not at all. Knows nothing of what they hold.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'

let written = 0

/**
 * Writes beside `file` and renames: a reader, or a crash at any moment, sees the old text or the new one.
 * @throws CodedError TN1005.
 */
export function writeAtomically(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.${Date.now().toString(36)}.${written++}.tmp`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(temporary, text)
    renameSync(temporary, file)
  } catch (error) {
    removeIfThere(temporary)
    const why = error instanceof Error ? error.message : String(error)
    throw new CodedError('TN1005', `the cache cannot be written: ${why}`, {
      hint: 'Make $TENON_HOME a directory that you can write to, on a disk with room.',
      cause: error,
    })
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // Its directory cannot be read either; the first error says why.
  }
}
