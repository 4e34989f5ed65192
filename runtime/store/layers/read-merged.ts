// read-merged.ts — all of a tree in layers, read through all of them. Where only what changed need be read: merge-digest.ts.
import type { Finder } from '../references.ts'
import { entryOf, readLeaf } from '../mention.ts'
import { treeNode, type TreeNode } from '../tree-digest.ts'
import { entryIn, type Layer, type MergedDirectory, namesIn, rootOf } from './layer.ts'

/** @throws CodedError TN5010 at what no tree may hold */
export function readMerged(layers: readonly Layer[], find: Finder): TreeNode {
  return readDirectory(rootOf(layers), find)
}

function readDirectory(directory: MergedDirectory, find: Finder): TreeNode {
  const entries = namesIn(directory).flatMap((name) => {
    const found = entryIn(directory, name)
    if (found === undefined) return []
    return entryOf(name, find, (note) =>
      found.kind === 'directory'
        ? readDirectory(found.directory, find)
        : readLeaf(found.path, found.stat, find, note),
    )
  })
  return treeNode(entries)
}

/** The directories of a tree, itself included. */
export function directoriesOf(node: TreeNode): readonly TreeNode[] {
  const directories: TreeNode[] = []
  const visit = (tree: TreeNode): void => {
    directories.push(tree)
    for (const entry of tree.entries) if (entry.node.kind === 'tree') visit(entry.node)
  }
  visit(node)
  return directories
}
