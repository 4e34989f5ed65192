// copy-tree.ts — a private, writable copy of a file or tree, sharing blocks where the file system can. Knows nothing of objects.
import {
  chmodSync,
  constants,
  copyFileSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { entryKind, join, makeOurs, namesIn, refusePrivileged } from './entry.ts'

/** The modification time of every file that Tenon stores or hands out: 1980-01-01, the first a zip file can hold. */
export const FILE_TIME_SECONDS = 315532800

/**
 * Modes 0755 and 0644, executables 0755, all times FILE_TIME_SECONDS; links stay links, wherever they lead.
 * @throws CodedError TN5010 and TN5011 as entry.ts says; ErrnoException EEXIST when there is something at `destination`.
 */
export function copyTree(source: string | Buffer, destination: string | Buffer): void {
  copy(Buffer.from(source), Buffer.from(destination))
}

function copy(source: Buffer, destination: Buffer): void {
  const stat = lstatSync(source)
  switch (entryKind(source, stat)) {
    case 'link':
      symlinkSync(readlinkSync(source, { encoding: 'buffer' }), destination)
      lutimesSync(destination, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
      return
    case 'file':
      refusePrivileged(source, stat)
      copyFileSync(source, destination, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
      makeOurs(destination, stat) // root's copies belong to the owner of the source at first
      chmodSync(destination, (stat.mode & 0o100) === 0 ? 0o644 : 0o755)
      break
    case 'directory':
      mkdirSync(destination)
      for (const name of namesIn(source)) copy(join(source, name), join(destination, name))
      chmodSync(destination, 0o755)
  }
  utimesSync(destination, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
