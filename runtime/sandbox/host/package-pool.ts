// package-pool.ts — private copies of installed packages, one folder each, from which views are linked.
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { SOURCE_DATE_EPOCH } from '../environment.ts'
import { type Package, pathsOf } from './dpkg.ts'

const KEPT = ['/usr/', '/opt/', '/bin/', '/sbin/', '/lib/', '/lib32/', '/lib64/', '/libx32/']
/** Text for people. Settings in /etc may be the administrator's, which no version names: steps get none. */
const LEFT_OUT = [
  'doc',
  'man',
  'info',
  'locale',
  'lintian',
  'bug',
  'doc-base',
  'menu',
  'bash-completion',
].map((name) => `/usr/share/${name}/`)

/** The package's folder, copied now unless it is there. Any number of processes may ask at once. */
export function pooledPackage(pool: string, one: Package): string {
  const directory = join(pool, `${one.name}_${one.version}_${one.arch}`)
  if (existsSync(directory)) return directory
  mkdirSync(pool, { recursive: true })
  const part = mkdtempSync(`${directory}.part-`)
  for (const path of pathsOf(one)) if (isKept(path)) copyEntry(path, join(part, path))
  publish(part, directory)
  return directory
}

function isKept(path: string): boolean {
  const isBelow = (folder: string): boolean => `${path}/`.startsWith(folder)
  return KEPT.some(isBelow) && !LEFT_OUT.some(isBelow)
}

/** Moves a finished folder to its place; another process's may be there first. */
export function publish(part: string, directory: string): void {
  try {
    chmodSync(part, 0o755)
    renameSync(part, directory)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (!existsSync(directory)) throw error
  }
}

/** What is gone or unreadable for this user (a setuid helper of mode 4754) is left out. */
export function copyEntry(source: string, target: string): void {
  const stat = lstatSync(source, { throwIfNoEntry: false })
  if (stat?.isDirectory() === true) mkdirSync(target, { recursive: true })
  if (stat === undefined || (!stat.isFile() && !stat.isSymbolicLink())) return
  mkdirSync(dirname(target), { recursive: true })
  if (stat.isSymbolicLink()) return symlinkSync(readlinkSync(source), target)
  try {
    copyFileSync(source, target, constants.COPYFILE_FICLONE)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))
      return
    throw error
  }
  chmodSync(target, (stat.mode & 0o111) === 0 ? 0o444 : 0o555)
  utimesSync(target, SOURCE_DATE_EPOCH, SOURCE_DATE_EPOCH)
}
