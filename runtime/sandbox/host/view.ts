// view.ts — the folder that becomes a step's root: packages linked together from the pool, and single files.
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Package } from './dpkg.ts'
import { copyEntry, pooledPackage, publish } from './package-pool.ts'
import { makeRoot } from './root.ts'

export interface ViewContent {
  readonly packages: readonly Package[]
  readonly links: Iterable<readonly [path: string, target: string]>
  readonly files: Iterable<string>
}

/** Makes `directory` unless it is there; it appears complete. */
export async function makeView(cache: string, directory: string, content: ViewContent): Promise<void> {
  if (existsSync(directory)) return
  mkdirSync(dirname(directory), { recursive: true })
  const part = mkdtempSync(`${directory}.part-`)
  try {
    makeRoot(part)
    for (const one of content.packages) {
      linkTree(pooledPackage(join(cache, 'packages'), one), part)
      await setImmediate() // copying takes a second or two: let logs and progress through
    }
    for (const [path, target] of content.links) addLink(join(part, path), target)
    for (const path of content.files) copyEntry(path, join(part, path))
    publish(part, directory)
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

function linkTree(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) {
      if (!existsSync(target)) mkdirSync(target)
      linkTree(source, target)
    } else if (!isThere(target)) {
      if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
      else linkOrCopy(source, target)
    }
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target)
  } catch {
    copyFileSync(source, target) // too many links, or a file system without them
  }
}

function addLink(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (!isThere(path)) symlinkSync(target, path)
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
