// normalise.ts — an upper layer as the next step shall find it: times, modes and links as if its tree had been copied.
import { chmodSync, lstatSync, lutimesSync, utimesSync } from 'node:fs'
import { FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { entryKind, isOurs, join, makeOurs, namesIn, refusePrivileged } from '../files/entry.ts'
import { replaceByCopy } from '../stage.ts'
import { isWhiteout } from './layer.ts'

/** Touches what the step changed, nothing else. @throws CodedError TN5010, TN5011 */
export function normalise(upper: string): void {
  normaliseEntry(Buffer.from(upper))
}

function normaliseEntry(path: Buffer): void {
  const stat = lstatSync(path)
  if (isWhiteout(stat)) return
  switch (entryKind(path, stat)) {
    case 'link':
      return lutimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
    case 'file':
      refusePrivileged(path, stat)
      // Two names of one file become two files, as in a copy.
      if (stat.nlink > 1 || !isOurs(stat)) return replaceByCopy(path)
      chmodSync(path, (stat.mode & 0o100) === 0 ? 0o644 : 0o755)
      break
    case 'directory':
      makeOurs(path, stat)
      chmodSync(path, 0o755)
      for (const name of namesIn(path)) normaliseEntry(join(path, name))
  }
  utimesSync(path, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
