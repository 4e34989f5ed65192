// remove-tree.ts — deletes whatever is at a path, read-only directories included, however deep. Follows no link.
import { chmodSync, lstatSync, readdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs'
import { join } from './entry.ts'

interface Tree {
  readonly top: Buffer
  /** Directories that were moved up to `top`, and are still to be removed. */
  readonly raised: Buffer[]
  count: number
}

/** Of the 4,096 bytes that the kernel takes as a path, and of the stack: a level is two bytes at least. */
const DEEPEST_BYTES = 2000

/** Nothing there is fine, also when another process removes the same tree at the same time. */
export function removeTree(path: string | Buffer): void {
  const tree: Tree = { top: Buffer.from(path), raised: [], count: 0 }
  remove(tree.top, tree)
  for (let next = tree.raised.pop(); next !== undefined; next = tree.raised.pop()) remove(next, tree)
  if (tree.count > 0) unlessGone(() => rmdirSync(tree.top))
}

/** All that is in a folder. */
export function removeEntries(folder: string): void {
  const names = readdirSync(folder, { encoding: 'buffer' })
  for (const name of names) removeTree(join(Buffer.from(folder), name))
}

function remove(path: Buffer, tree: Tree): void {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return
  unlessGone(() => {
    if (!stat.isDirectory()) return unlinkSync(path)
    if ((stat.mode & 0o700) !== 0o700) chmodSync(path, 0o700)
    if (path.length > tree.top.length + DEEPEST_BYTES) return raise(path, tree)
    for (const entry of readdirSync(path, { encoding: 'buffer', withFileTypes: true })) {
      const inside = join(path, entry.name)
      if (entry.isDirectory()) remove(inside, tree)
      else unlessGone(() => unlinkSync(inside))
    }
    if (path !== tree.top || tree.count === 0) rmdirSync(path)
  })
}

function raise(path: Buffer, tree: Tree): void {
  let place: Buffer
  do place = join(tree.top, Buffer.from(`raised.${++tree.count}`))
  while (lstatSync(place, { throwIfNoEntry: false }) !== undefined)
  renameSync(path, place)
  tree.raised.push(place)
}

function unlessGone(act: () => void): void {
  try {
    act()
  } catch (error) {
    // Node's file system calls throw ErrnoException only.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
