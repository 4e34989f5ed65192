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

interface Modes {
  readonly file: number
  readonly executable: number
  readonly directory: number
}
const WRITABLE: Modes = { file: 0o644, executable: 0o755, directory: 0o755 }
/** Of stored files. */
export const SEALED: Modes = { file: 0o444, executable: 0o555, directory: 0o555 }

/**
 * All times are FILE_TIME_SECONDS; links stay links, wherever they lead.
 * @throws CodedError TN5010 and TN5011 as entry.ts says; ErrnoException EEXIST when there is something at `destination`.
 */
export function copyTree(source: string | Buffer, destination: string | Buffer, modes = WRITABLE): void {
  copy(Buffer.from(source), Buffer.from(destination), modes)
}

function copy(source: Buffer, destination: Buffer, modes: Modes): void {
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
      chmodSync(destination, (stat.mode & 0o100) === 0 ? modes.file : modes.executable)
      break
    case 'directory':
      mkdirSync(destination)
      for (const name of namesIn(source)) copy(join(source, name), join(destination, name), modes)
      chmodSync(destination, modes.directory)
  }
  utimesSync(destination, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
