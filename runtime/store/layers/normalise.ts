// normalise.ts — an upper layer, or a whole tree, as the next step shall find it: times, modes and links as if it had been copied.
import { chmodSync, lstatSync, lutimesSync, type Stats, utimesSync } from 'node:fs'
import { FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { entryKind, isOurs, join, makeOurs, namesIn, refusePrivileged } from '../files/entry.ts'
import { replaceByCopy } from '../stage.ts'
import { isWhiteout } from './layer.ts'

/** Only an upper layer may have marks of what was deleted. @throws CodedError TN5010, TN5011 */
export function normalise(directory: string, kind: 'upper' | 'whole'): void {
  normaliseEntry(Buffer.from(directory), kind === 'upper')
}

function normaliseEntry(path: Buffer, isUpper: boolean): void {
  const stat = lstatSync(path)
  if (isUpper && isWhiteout(stat)) return
  switch (entryKind(path, stat)) {
    case 'link':
      return lutimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
    case 'file':
      refusePrivileged(path, stat)
      // Two names of one file become two files, as in a copy; through another link somebody could still change it.
      if (stat.nlink > 1 || !isOurs(stat)) return replaceByCopy(path)
      setMode(path, stat, (stat.mode & 0o100) === 0 ? 0o644 : 0o755)
      break
    case 'directory':
      makeOurs(path, stat)
      setMode(path, stat, 0o755)
      for (const name of namesIn(path)) normaliseEntry(join(path, name), isUpper)
  }
  utimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}

function setMode(path: Buffer, stat: Stats, mode: number): void {
  if ((stat.mode & 0o7777) !== mode) chmodSync(path, mode)
}
