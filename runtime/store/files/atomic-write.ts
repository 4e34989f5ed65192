// atomic-write.ts — a file that appears whole or not at all, for any number of readers and writers.
import { renameSync, rmSync, writeFileSync } from 'node:fs'

/** `temporary` is an unused path on the same file system. Not synced to disk: docs/design/store.md says why. */
export function atomicWrite(temporary: string, target: string, text: string): void {
  try {
    writeFileSync(temporary, text)
    renameSync(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
