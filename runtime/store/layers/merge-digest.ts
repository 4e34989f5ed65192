// merge-digest.ts — the Merkle node of a tree after a step: of what the step changed only its upper layer is read. Changes nothing.
import { lstatSync, type Stats } from 'node:fs'
import { join, namesIn } from '../files/entry.ts'
import { type Entry, type Node, readNode, treeNode, type TreeNode } from '../tree-digest.ts'
import { isWhiteout, type Layer } from './layer.ts'

/** How much was done: it follows what was changed, not how large the tree is. */
export interface Work {
  entriesRead: number
  bytesHashed: number
  directoriesEncoded: number
}

/** @throws CodedError TN5010 at what no tree may hold */
export function mergedNode(lower: TreeNode, upper: Layer, work: Work = noWork()): TreeNode {
  return mergeDirectory(lower, Buffer.from(upper.directory), '', upper, work)
}

export function noWork(): Work {
  return { entriesRead: 0, bytesHashed: 0, directoriesEncoded: 0 }
}

function mergeDirectory(
  lower: TreeNode | undefined,
  path: Buffer,
  name: string,
  upper: Layer,
  work: Work,
): TreeNode {
  const shows = lower !== undefined && !upper.opaque.has(name) ? lower.entries : []
  const entries = new Map<string, Entry>(shows.map((entry) => [entry.name.toString('latin1'), entry]))
  const names = namesIn(path)
  let isChanged = lower === undefined || shows !== lower.entries
  for (const child of names) {
    const key = child.toString('latin1')
    const below = entries.get(key)?.node
    const node = mergeEntry(below, join(path, child), `${name}/${key}`, upper, work)
    if (node === undefined) isChanged = entries.delete(key) || isChanged
    else if (below !== node) {
      entries.set(key, { name: child, node })
      isChanged = true
    }
  }
  if (!isChanged && lower !== undefined) return lower
  work.directoriesEncoded++
  return treeNode([...entries.values()].sort((a, b) => a.name.compare(b.name)))
}

/** `below` itself when the upper layer leaves it as it is; undefined when it deletes it. */
function mergeEntry(
  below: Node | undefined,
  path: Buffer,
  name: string,
  upper: Layer,
  work: Work,
): Node | undefined {
  const stat: Stats = lstatSync(path)
  work.entriesRead++
  if (isWhiteout(stat)) return undefined
  if (stat.isDirectory())
    return mergeDirectory(below?.kind === 'tree' ? below : undefined, path, name, upper, work)
  if (stat.isFile()) work.bytesHashed += stat.size
  const node = readNode(path)
  return below !== undefined && isSame(below, node) ? below : node
}

function isSame(a: Node, b: Node): boolean {
  switch (a.kind) {
    case 'file':
      return b.kind === 'file' && a.digest === b.digest && a.executable === b.executable
    case 'link':
      return b.kind === 'link' && a.target.equals(b.target)
    case 'tree':
      return b.kind === 'tree' && a.digest === b.digest
  }
}
