// entry.ts — directory entries as bytes: names need not be UTF-8. Decides what kinds of files there may be.
import { chownSync, lstatSync, readdirSync, type Stats } from 'node:fs'
import { CodedError } from '../../../dsl/plan/coded-error.ts'

export type EntryKind = 'file' | 'directory' | 'link'

const SLASH = Buffer.of(0x2f)

export function join(directory: Buffer, name: Buffer): Buffer {
  return Buffer.concat([directory, SLASH, name])
}

/** Names sorted by their bytes. */
export function namesIn(directory: Buffer): Buffer[] {
  return readdirSync(directory, { encoding: 'buffer' }).sort((a, b) => a.compare(b))
}

/** @throws CodedError TN5010 for what a store cannot hold: sockets, named pipes, devices. */
export function entryKind(path: Buffer, stat: Stats = lstatSync(path)): EntryKind {
  if (stat.isFile()) return 'file'
  if (stat.isDirectory()) return 'directory'
  if (stat.isSymbolicLink()) return 'link'
  throw new CodedError('TN5010', `${path.toString()} is ${specialKind(stat)}`, {
    hint: 'Let the step remove it, or leave it outside of its outputs: these hold files, directories and symbolic links only.',
  })
}

const OWN_USER = process.geteuid?.() ?? 0 // present on Linux
const OWN_GROUP = process.getegid?.() ?? 0 // present on Linux

export function isOurs(stat: Stats): boolean {
  return stat.uid === OWN_USER
}

/** Only root can take what is another's. */
export function makeOurs(path: Buffer, stat: Stats): void {
  if (!isOurs(stat)) chownSync(path, OWN_USER, OWN_GROUP)
}

/**
 * A stored program that runs with another user's rights would give these to everyone who can read the store.
 * @throws CodedError TN5011
 */
export function refusePrivileged(path: Buffer, stat: Stats): void {
  if (!stat.isFile() || (stat.mode & 0o6000) === 0) return
  const bit = (stat.mode & 0o4000) === 0 ? 'setgid' : 'setuid'
  throw new CodedError('TN5011', `${path.toString()} has the ${bit} bit`, {
    hint: `Let the step clear it (chmod u-s,g-s), or install the file without it.`,
  })
}

function specialKind(stat: Stats): string {
  if (stat.isSocket()) return 'a socket'
  if (stat.isFIFO()) return 'a named pipe'
  return 'a device'
}
