// layered-tree.ts — a work tree as a layer over another one, or as a whole tree on which others can stand. Where it is kept: keep.ts.
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { describeTree, type ObjectOptions } from '../describe-object.ts'
import { examine } from '../examine.ts'
import { copyTree } from '../files/copy-tree.ts'
import { mentionedIn } from '../mention.ts'
import type { StoreObject } from '../object.ts'
import { finderOf } from '../references.ts'
import { hashPart } from '../store-path.ts'
import { contentSize, type TreeNode } from '../tree-digest.ts'
import { flatten } from './flatten.ts'
import type { Layer } from './layer.ts'
import { mergedNode, noWork } from './merge-digest.ts'
import { normalise } from './normalise.ts'
import { directoriesOf, readMerged } from './read-merged.ts'

export interface LayeredTree {
  readonly object: StoreObject
  readonly below: LayeredTree | null
  /** Has the layer's own files in `files`. It moves when the tree is kept: then this changes. */
  folder: string
  readonly opaque: Layer['opaque']
  readonly node: TreeNode
  /** Hashes of store paths that were looked for in all of it. */
  readonly searched: ReadonlySet<string>
  /** Those of its directories that the layer encoded anew. */
  readonly directories: readonly TreeNode[]
  /** Of the layer's own files. */
  readonly ownBytes: number
}

/** More make every look-up slower, and the kernel has a limit. */
const MAX_LAYERS = 64

/** Top first. */
export function layersOf(tree: LayeredTree): readonly Layer[] {
  const layers: Layer[] = []
  for (let each: LayeredTree | null = tree; each !== null; each = each.below)
    layers.push({ directory: filesIn(each.folder), opaque: each.opaque })
  return layers
}

export function filesIn(folder: string): string {
  return join(folder, 'files')
}

/**
 * A whole tree of the files at `source`, read once. They are moved to `folder`, which must not be there, or copied when they must stay or
 * lie on another file system. When it fails they are still at `source`, perhaps altered. @throws CodedError TN5010, TN5011
 */
export function wholeTree(
  source: string,
  folder: string,
  options: ObjectOptions & { readonly consume: boolean },
): LayeredTree {
  mkdirSync(folder)
  const files = filesIn(folder)
  if (options.consume) normalise(source, 'whole')
  else copyTree(source, files)
  const hashes = new Set(options.candidates.map(hashPart))
  const { node, found } = examine(Buffer.from(options.consume ? source : files), hashes, new Set())
  if (node.kind !== 'tree') throw new TypeError(`not a directory: ${source}`)
  if (options.consume) move(source, files)
  return wholeOf(folder, node, describeTree(node, options, found), hashes)
}

function move(source: string, files: string): void {
  try {
    renameSync(source, files)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // renameSync throws no other
    if (code !== 'EXDEV' && code !== 'EACCES' && code !== 'EPERM') throw error
    copyTree(source, files)
  }
}

function wholeOf(
  folder: string,
  node: TreeNode,
  object: StoreObject,
  searched: ReadonlySet<string>,
): LayeredTree {
  const directories = directoriesOf(node)
  const ownBytes = contentSize(node)
  return { object, below: null, folder, opaque: new Set(), node, searched, directories, ownBytes }
}

/** What `upper`, in `folder`, makes of the tree below. Of that, only what changed is read, unless there are new hashes to look for. */
export function treeOver(
  below: LayeredTree,
  folder: string,
  upper: Layer,
  options: ObjectOptions,
  work = noWork(),
): LayeredTree {
  const hashes = options.candidates.map(hashPart)
  const isSearched = hashes.every((hash) => below.searched.has(hash))
  const searched = isSearched ? below.searched : new Set([...below.searched, ...hashes])
  const find = finderOf(searched)
  const merged = mergedNode(below.node, upper, find, work)
  const node = isSearched ? merged : readMerged([upper, ...layersOf(below)], find)
  return {
    object: describeTree(node, options, mentionedIn(node.entries)),
    below,
    folder,
    opaque: upper.opaque,
    node,
    searched,
    directories: isSearched ? work.directories : directoriesOf(node),
    ownBytes: work.bytesHashed,
  }
}

/** The same tree as a whole one when it has many layers; `folder` must not be there. */
export function squashed(tree: LayeredTree, folder: () => string): LayeredTree {
  const layers = layersOf(tree)
  if (layers.length <= MAX_LAYERS) return tree
  const place = folder()
  mkdirSync(place)
  flatten(layers, filesIn(place))
  return wholeOf(place, tree.node, tree.object, tree.searched)
}
