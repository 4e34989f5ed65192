// remove-tree.ts — deletes whatever is at a path, read-only directories included. Follows no link.
import { chmodSync, lstatSync, rmdirSync, unlinkSync } from 'node:fs'
import { join, namesIn } from './entry.ts'

/** Nothing there is fine, also when another process removes the same tree at the same time. */
export function removeTree(path: string | Buffer): void {
  remove(Buffer.from(path))
}

function remove(path: Buffer): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  try {
    if (!stat.isDirectory()) return unlinkSync(path)
    if ((stat.mode & 0o700) !== 0o700) chmodSync(path, 0o700)
    for (const name of namesIn(path)) remove(join(path, name))
    rmdirSync(path)
  } catch (error) {
    // Node's file system calls throw ErrnoException only.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
