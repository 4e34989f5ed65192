// stage.ts — makes files that a step left the store's own, in place or by a copy, and seals them. Reads no contents.
import { chmodSync, lstatSync, lutimesSync, renameSync, utimesSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { copyTree, FILE_TIME_SECONDS, SEALED } from './files/copy-tree.ts'
import { entryKind, isOurs, join, makeOurs, namesIn, refusePrivileged } from './files/entry.ts'
import type { Node } from './tree-digest.ts'

/**
 * Files that may be read and altered, and are nobody else's: those at `source` when they may be consumed, else a copy.
 * @returns where they are: `source`, or `stage()`, which names a place where nothing is yet.
 */
export function takeFiles(source: string, stage: () => string, consume: boolean): string {
  const stat = lstatSync(source, { throwIfNoEntry: false })
  if (stat === undefined || stat.isSymbolicLink())
    throw new CodedError('TN5012', `${source} is ${stat === undefined ? 'not there' : 'a symbolic link'}`, {
      hint: 'An output is a file or a directory: let the step make it, or copy there what the link points to.',
    })
  if (consume && isOurs(stat) && (stat.isDirectory() || stat.nlink === 1)) {
    own(Buffer.from(source), stat)
    return source
  }
  const copy = stage()
  copyTree(source, copy)
  return copy
}

/** Does what moves sealed files; when they are on another file system, or may not be moved, with a sealed copy of them. */
export function moving<T>(files: string, stage: () => string, act: (files: string) => T): T {
  try {
    return act(files)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // undefined for errors of our own
    if (code !== 'EXDEV' && code !== 'EACCES' && code !== 'EPERM') throw error
    const copy = stage()
    copyTree(files, copy, SEALED)
    return act(copy)
  }
}

/** A directory is writable by its owner afterwards: an ordinary user can't move one that he can't write to. */
export function move(files: string, target: string, kind: Node['kind']): void {
  if (kind === 'tree') chmodSync(files, 0o755)
  renameSync(files, target)
}

/** Afterwards the files can be read and altered, and are nobody else's: no other link leads to them. */
export function own(path: Buffer, stat = lstatSync(path)): void {
  switch (entryKind(path, stat)) {
    case 'link':
      return
    case 'file':
      refusePrivileged(path, stat)
      // Through another link, or as another user, somebody could still change the file.
      if (stat.nlink > 1 || !isOurs(stat)) replaceByCopy(path)
      else if ((stat.mode & 0o600) !== 0o600) chmodSync(path, stat.mode & 0o100 ? 0o755 : 0o644)
      return
    case 'directory':
      makeOurs(path, stat)
      if ((stat.mode & 0o700) !== 0o700) chmodSync(path, 0o755)
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
      chmodSync(path, node.executable ? SEALED.executable : SEALED.file)
      break
    case 'tree':
      for (const entry of node.entries) seal(join(path, entry.name), entry.node)
      chmodSync(path, SEALED.directory)
  }
  utimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
