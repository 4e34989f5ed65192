// temporary-folder.ts — where tests write: one folder for a whole run, and caches in it that its homes share. Asserts nothing.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

const PREFIX = 'tenon-tests-'

/** Removes what runs left that were killed, then makes a folder in which any user may make more. */
export function makeRunFolder(): string {
  for (const name of readdirSync(tmpdir()))
    if (name.startsWith(PREFIX) && !isAlive(Number(name.split('-')[2]))) removeFolder(join(tmpdir(), name))
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  chmodSync(folder, 0o1777)
  return folder
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What is stored is read-only: an ordinary user must open it up before removing it; what another user left stays. */
export function removeFolder(folder: string): void {
  if (process.getuid?.() !== 0) spawnSync('chmod', ['-R', 'u+w', folder])
  spawnSync('rm', ['-rf', folder])
}

let own: string | undefined
/** That of the run; a test file which is run by itself has one of its own, for as long as its process lives. */
function runFolder(): string {
  const shared = process.env['TENON_TEST_RUN'] ?? own
  if (shared !== undefined) return shared
  const made = makeRunFolder()
  process.once('exit', () => removeFolder(made))
  return (own = made)
}

/**
 * A fresh folder that goes when the run ends, not before: on ext4 making files takes several times as long for a while
 * after thousands were removed.
 */
export function temporaryFolder(name: string): string {
  return mkdtempSync(join(runFolder(), `${name}-`))
}

/** What a home learns of the machine: copies of host tools and their views, compiled programs. Any number of processes may add to them at once. */
const LEARNT = ['host', 'interpreter', 'node', 'packages', 'programs', 'views']
const shared = (): string => join(runFolder(), 'caches')

/** Spares a home of the user who runs the tests what another one has learnt. Builds, plans and results are each home's own. */
export function shareCaches(home: string): void {
  mkdirSync(join(home, 'cache'), { recursive: true })
  for (const name of LEARNT) {
    mkdirSync(join(shared(), name), { recursive: true })
    symlinkSync(join(shared(), name), join(home, 'cache', name))
  }
  copyRungs(shared(), join(home, 'cache'))
}

/** From now on all homes know which sandboxes work here, as this one does. */
export function keepRungs(home: string): void {
  copyRungs(join(home, 'cache'), shared())
}

function copyRungs(from: string, to: string): void {
  for (const file of globSync(join(from, 'sandbox-*'))) cpSync(file, join(to, basename(file)))
}
