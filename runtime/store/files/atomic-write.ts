// atomic-write.ts — a file that appears whole or not at all, for any number of readers and writers.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** `temporary` is an unused path on the same file system. Not synced to disk: docs/design/store.md says why. */
export function atomicWrite(temporary: string, target: string, text: string): void {
  try {
    writeFileSync(temporary, text)
    renameOrMakeFolder(temporary, target)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

function renameOrMakeFolder(temporary: string, target: string): void {
  try {
    renameSync(temporary, target)
  } catch (error) {
    // Node's file system calls throw ErrnoException only.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    mkdirSync(dirname(target), { recursive: true })
    renameSync(temporary, target)
  }
}
