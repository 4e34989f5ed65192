// scratch.ts — directories that live no longer than this process, on the store's file system. Knows nothing of objects.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { removeTree } from '../files/remove-tree.ts'
import { isGone, processName } from './process-name.ts'

export interface Scratch {
  readonly directory: string
  remove(): void
  /** Moves it to `kept` beside the scratch of processes, where it stays until its user removes it. Gives the new path, which begins with `name`. */
  keep(name: string): string
}

const PATIENCE_MS = 7 * 24 * 3600_000 // scratch gives no signs of life while a long step runs

let made = 0
const opened = new Set<string>() // this process's directories, one for each store

/** Tells paths apart that other threads of this process make, or other copies of this module in it. */
const mine = Math.random().toString(36).slice(2, 8)

/** A path in `tmp` at which nothing is yet, in a directory of this process. `label` becomes part of it. */
export function freshPath(tmp: string, label: string): string {
  const directory = `${tmp}/${processName()}`
  if (!opened.has(directory)) openDirectory(directory)
  return `${directory}/${inFileName(label)}.${mine}${++made}`
}

function openDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true })
  if (opened.size === 0) process.once('exit', () => opened.forEach(removeWhenEmpty))
  opened.add(directory)
}

function inFileName(label: string): string {
  return label.replace(/[^A-Za-z0-9+._-]/gu, '-').slice(0, 80)
}

export function makeScratch(tmp: string, label: string): Scratch {
  const directory = freshPath(tmp, label)
  mkdirSync(directory)
  return { directory, remove: () => removeTree(directory), keep: (name) => kept(tmp, directory, name) }
}

function kept(tmp: string, directory: string, name: string): string {
  const parent = join(dirname(tmp), 'kept')
  mkdirSync(parent, { recursive: true })
  const place = mkdtempSync(join(parent, `${inFileName(name)}-`))
  renameSync(directory, place)
  return place
}

/** Removes what processes that have ended left behind. */
export function sweep(tmp: string): void {
  opened.delete(`${tmp}/${processName()}`) // a store that was removed as a whole is opened anew
  for (const name of readdirSync(tmp)) if (!mayLive(tmp, name)) removeTree(`${tmp}/${name}`)
}

/** Whether the process that a directory in `tmp` is named by may be running. */
export function mayLive(tmp: string, name: string): boolean {
  if (name === processName()) return true
  const stat = statSync(`${tmp}/${name}`, { throwIfNoEntry: false })
  return stat === undefined || !isGone(name, Date.now() - stat.mtimeMs, PATIENCE_MS)
}

function removeWhenEmpty(directory: string): void {
  try {
    rmdirSync(directory)
  } catch {
    // Something is kept in it: the next process that opens the store sweeps it.
  }
}
