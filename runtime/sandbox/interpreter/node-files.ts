// node-files.ts — the file system that `files` of a node body stands on. Runs inside the step, bundled into its runner.
import * as fs from 'node:fs'
import { getSystemErrorMessage } from 'node:util'
import { bodyFiles, type FileSystem, type Kind } from './body-files.ts'

const system: FileSystem = {
  kindOf: (path, link) => {
    const status = link === 'follow' ? fs.statSync : fs.lstatSync
    return kindOf(asked(() => status(path, { throwIfNoEntry: false })))
  },
  read: (path) => {
    const bytes = done(() => fs.readFileSync(path))
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch {
      throw new Error('it is not UTF-8 text')
    }
  },
  write: (path, text, mode) => done(() => fs.writeFileSync(path, text, { mode })),
  names: (path) => done(() => fs.readdirSync(path)),
  makeOne: (path) => done(() => fs.mkdirSync(path)),
  removeFile: (path) => done(() => fs.unlinkSync(path)),
  removeDirectory: (path) => done(() => fs.rmdirSync(path)),
  copyFile: (from, to) =>
    done(() => {
      fs.copyFileSync(from, to)
      fs.chmodSync(to, (fs.statSync(to).mode & 0o111) === 0 ? 0o644 : 0o755)
    }),
  copyLink: (from, to) => done(() => fs.symlinkSync(fs.readlinkSync(from), to)),
}
export const files = bodyFiles(system)

function kindOf(status: fs.Stats | undefined): Kind | undefined {
  if (status === undefined) return undefined
  if (status.isDirectory()) return 'directory'
  if (status.isFile()) return 'file'
  return status.isSymbolicLink() ? 'link' : 'other'
}

/** What can't be looked at is not there: a path through a file, a loop of links. */
function asked<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}

function done<T>(act: () => T): T {
  try {
    return act()
  } catch (cause) {
    const isSystemError = cause instanceof Error && 'errno' in cause && typeof cause.errno === 'number'
    throw isSystemError ? new Error(getSystemErrorMessage(Number(cause.errno))) : cause
  }
}
