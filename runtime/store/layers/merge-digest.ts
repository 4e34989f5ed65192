// merge-digest.ts — the Merkle node of a tree after a step: of what the step changed only its upper layer is read. Changes nothing.
import { lstatSync } from 'node:fs'
import { join, namesIn } from '../files/entry.ts'
import { entryOf, readLeaf } from '../mention.ts'
import type { Finder } from '../references.ts'
import { type Entry, type Node, treeNode, type TreeNode } from '../tree-digest.ts'
import { isWhiteout, type Layer } from './layer.ts'

/** What was done: it follows what was changed, not how large the tree is. */
export interface Work {
  entriesRead: number
  bytesHashed: number
  /** Of what is recorded of stored layers. */
  directoriesRead: number
  /** The directories on the way, encoded anew. */
  readonly directories: TreeNode[]
}

export function noWork(): Work {
  return { entriesRead: 0, bytesHashed: 0, directoriesRead: 0, directories: [] }
}

/** `find` must look for all that was looked for in `lower`. @throws CodedError TN5010 at what no tree may hold */
export function mergedNode(lower: TreeNode, upper: Layer, find: Finder, work: Work): TreeNode {
  return new Merge(upper, find, work).directory(lower, Buffer.from(upper.directory), '')
}

class Merge {
  readonly #upper: Layer
  readonly #find: Finder
  readonly #work: Work

  constructor(upper: Layer, find: Finder, work: Work) {
    this.#upper = upper
    this.#find = find
    this.#work = work
  }

  /** `lower` itself when the upper layer leaves it as it is. */
  directory(lower: TreeNode | undefined, path: Buffer, name: string): TreeNode {
    const shows = lower !== undefined && !this.#upper.opaque.has(name) ? lower.entries : []
    const entries = new Map<string, Entry>(shows.map((entry) => [entry.name.toString('latin1'), entry]))
    let isChanged = lower === undefined || shows !== lower.entries
    for (const child of namesIn(path)) {
      const key = child.toString('latin1')
      const below = entries.get(key)
      const entry = this.#entry(below, child, join(path, child), `${name}/${key}`)
      if (entry === undefined) isChanged = entries.delete(key) || isChanged
      else if (below !== entry) {
        entries.set(key, entry)
        isChanged = true
      }
    }
    if (!isChanged && lower !== undefined) return lower
    const node = treeNode([...entries.values()].sort((a, b) => a.name.compare(b.name)))
    this.#work.directories.push(node)
    return node
  }

  /** `below` itself when the upper layer leaves it as it is; undefined when it deletes it. */
  #entry(below: Entry | undefined, child: Buffer, path: Buffer, name: string): Entry | undefined {
    const stat = lstatSync(path)
    this.#work.entriesRead++
    if (isWhiteout(stat)) return undefined
    if (stat.isFile()) this.#work.bytesHashed += stat.size
    const lower = below?.node.kind === 'tree' ? below.node : undefined
    if (stat.isDirectory()) {
      const node = this.directory(lower, path, name)
      return node === lower ? below : entryOf(child, this.#find, () => node)
    }
    const entry = entryOf(child, this.#find, (note) => readLeaf(path, stat, this.#find, note))
    return below !== undefined && isSame(below.node, entry.node) ? below : entry
  }
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
