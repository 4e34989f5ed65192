// stage.ts — brings files that a step made into the store's scratch as its own, and seals them. Reads no contents.
import { chmodSync, lstatSync, lutimesSync, renameSync, utimesSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { copyTree, FILE_TIME_SECONDS } from './files/copy-tree.ts'
import { entryKind, isOurs, join, makeOurs, namesIn, refusePrivileged } from './files/entry.ts'
import type { Node } from './tree-digest.ts'

/**
 * Copies what is at `source`, or moves it when it may be consumed and lies on the same file system.
 * @returns whether it was moved; then `own` must make it ours.
 */
export function stageFiles(source: string, stage: string, consume: boolean): boolean {
  const stat = lstatSync(source, { throwIfNoEntry: false })
  if (stat === undefined || stat.isSymbolicLink())
    throw new CodedError('TN5012', `${source} is ${stat === undefined ? 'not there' : 'a symbolic link'}`, {
      hint: 'An output is a file or a directory: let the step make it, or copy there what the link points to.',
    })
  if (consume && move(source, stage)) return true
  copyTree(source, stage)
  return false
}

function move(source: string, stage: string): boolean {
  try {
    const stat = lstatSync(source)
    // An ordinary user can't move a directory that he can't write to.
    if (stat.isDirectory() && (stat.mode & 0o700) !== 0o700) chmodSync(source, 0o755)
    renameSync(source, stage)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // Node's file system calls throw no other
    if (code === 'EXDEV' || code === 'EACCES' || code === 'EPERM') return false
    throw error
  }
}

/** Afterwards the files are writable, and nobody else's: no other link leads to them. */
export function own(path: Buffer): void {
  const stat = lstatSync(path)
  switch (entryKind(path, stat)) {
    case 'link':
      return
    case 'file':
      refusePrivileged(path, stat)
      // Through another link, or as another user, somebody could still change the file.
      if (stat.nlink > 1 || !isOurs(stat)) replaceByCopy(path)
      else chmodSync(path, stat.mode & 0o100 ? 0o755 : 0o644)
      return
    case 'directory':
      makeOurs(path, stat)
      chmodSync(path, 0o755)
      for (const name of namesIn(path)) own(join(path, name))
  }
}

/** The same file, of which no other link or owner knows. */
export function replaceByCopy(path: Buffer): void {
  const copy = Buffer.concat([path, Buffer.from('.tenon-copy')])
  copyTree(path, copy)
  renameSync(copy, path)
}

/** Read-only, all times the same. */
export function seal(path: Buffer, node: Node): void {
  switch (node.kind) {
    case 'link':
      return lutimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
    case 'file':
      chmodSync(path, node.executable ? 0o555 : 0o444)
      break
    case 'tree':
      for (const entry of node.entries) seal(join(path, entry.name), entry.node)
      chmodSync(path, 0o555)
  }
  utimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
