// verify-layers.ts — trees in layers, read again from the bottom up: every layer's own files once. Says what is not as recorded.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { layerFile } from '../layers/keep.ts'
import { damagedDirectory } from '../layers/layer-file.ts'
import { filesIn } from '../layers/layered-tree.ts'
import { mergedNode, noWork } from '../layers/merge-digest.ts'
import { layerFolder, type Layout } from '../layout.ts'
import { finderOf } from '../references.ts'
import type { StorePath } from '../store-path.ts'
import { contentSize, type Node, readNode, type TreeNode } from '../tree-digest.ts'
import type { InventoryEntry } from './inventory.ts'

/** What is wrong, by object; those that stand on a damaged one are named too. */
export function layerProblems(
  layout: Layout,
  entries: readonly InventoryEntry[],
  onObject: (path: StorePath) => void,
): ReadonlyMap<StorePath, string> {
  const layered = entries.filter(({ layer }) => layer !== undefined)
  const above = Map.groupBy(layered, ({ layer }) => layer?.below ?? null)
  const problems = new Map(layered.map(({ path }) => [path, 'what it stands on is not in the store']))
  const visit = (entry: InventoryEntry, lower: TreeNode | null): void => {
    onObject(entry.path)
    const found = readLayerAgain(layout, entry, lower)
    if (typeof found !== 'string') problems.delete(entry.path)
    else problems.set(entry.path, found)
    for (const other of above.get(entry.path) ?? [])
      if (typeof found !== 'string') visit(other, found)
      else blame(other, entry.path)
  }
  const blame = ({ path }: InventoryEntry, damaged: StorePath): void => {
    problems.set(path, `it stands on ${damaged}, which is damaged`)
    for (const other of above.get(path) ?? []) blame(other, damaged)
  }
  for (const entry of above.get(null) ?? []) visit(entry, null)
  return problems
}

/** The tree as its files are; text: what is wrong. */
function readLayerAgain(
  layout: Layout,
  { path, layer, object }: InventoryEntry,
  lower: TreeNode | null,
): TreeNode | string {
  if (layer === undefined || object === undefined) return 'its record cannot be read'
  const folder = layerFolder(layout, path)
  const files = filesIn(folder)
  let node: Node
  try {
    const upper = { directory: files, opaque: new Set(layer.opaque) }
    node = lower === null ? readNode(files) : mergedNode(lower, upper, finderOf([]), noWork())
  } catch (error) {
    if (error instanceof CodedError) return error.message // a kind of file that no object holds
    return `it cannot be read: ${(error as Error).message}` // reading throws errors of the file system
  }
  if (node.kind !== 'tree') return `it is a ${node.kind}, not a tree`
  if (node.digest !== object.digest)
    return `its content is not what was stored (${contentSize(node)} bytes, stored were ${object.contentBytes})`
  const damaged = damagedDirectory(layerFile(folder), path)
  return damaged === null ? node : `what is recorded of its directories is damaged: ${damaged}`
}
