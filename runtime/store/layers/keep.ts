// keep.ts — trees in layers become objects of the store, and are found there again. A layer appears by one rename, with its record in it.
import { chmodSync, lstatSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Digest } from '../../../dsl/plan/digest.ts'
import { removeTree } from '../files/remove-tree.ts'
import { layerFolder, type Layout } from '../layout.ts'
import { readObject, type StoreObject } from '../object.ts'
import { freshPath } from '../running/scratch.ts'
import type { StorePath } from '../store-path.ts'
import type { Entry } from '../tree-digest.ts'
import {
  LayerDirectories,
  type LayerRecord,
  readLayerRecord,
  storedNode,
  writeLayerFile,
} from './layer-file.ts'
import { filesIn, type LayeredTree } from './layered-tree.ts'
import { noWork } from './merge-digest.ts'

/** Stacks are lower: who finds a higher one has found a circle. */
const MOST_LAYERS = 1000

export function layerFile(folder: string): string {
  return join(folder, 'tree')
}

/** Undefined also when the record is damaged or the files are gone: both get made again. */
export function readLayer(layout: Layout, path: StorePath): LayerRecord | undefined {
  const folder = layerFolder(layout, path)
  const record = readLayerRecord(layerFile(folder), path)
  return record && lstatSync(filesIn(folder), { throwIfNoEntry: false }) && record
}

/** What the store has there, in layers or not. */
export function objectAt(layout: Layout, path: StorePath): StoreObject | undefined {
  return readObject(layout, path) ?? readLayer(layout, path)?.object
}

/** The records of the layer and of all below it, top first; undefined when one of them is not there. */
function readStack(layout: Layout, path: StorePath): readonly LayerRecord[] | undefined {
  const stack: LayerRecord[] = []
  for (let at: StorePath | null = path; at !== null;) {
    const record = readLayer(layout, at)
    if (record === undefined || stack.length === MOST_LAYERS) return undefined
    stack.push(record)
    at = record.below
  }
  return stack
}

/** A stored tree for steps to stand on. Its directories are read when they are needed. Undefined: it is not there in layers. */
export function storedTree(layout: Layout, path: StorePath, work = noWork()): LayeredTree | undefined {
  const stack = readStack(layout, path)
  const layers: LayerDirectories[] = []
  return (
    stack?.reduceRight<LayeredTree | null>((below, { object, opaque, searched, ownBytes }) => {
      const folder = layerFolder(layout, object.path)
      layers.unshift(new LayerDirectories(layerFile(folder), object.path))
      const own = [...layers]
      const lookUp = (digest: Digest): readonly Entry[] => {
        for (const layer of own) {
          const found = layer.entries(digest, lookUp)
          if (found === undefined) continue
          work.directoriesRead++
          return found
        }
        throw damaged(path, `directory ${digest} is recorded nowhere`)
      }
      const node = storedNode(object, lookUp)
      return {
        object,
        below,
        folder,
        opaque: new Set(opaque),
        node,
        searched: new Set(searched),
        directories: [],
        ownBytes,
      }
    }, null) ?? undefined
  )
}

function damaged(path: StorePath, reason: string): CodedError {
  return new CodedError('TN5022', `what is recorded of ${path} is damaged: ${reason}`, {
    hint: 'Run tenon store verify --repair, then build again.',
  })
}

/** Makes one layer an object; what it stands on is one already. `isThere`: whether a layer that is there already is whole. */
export function keepLayer(layout: Layout, tree: LayeredTree, isThere: () => boolean): void {
  const { object, below, opaque, searched, ownBytes, directories } = tree
  const record = {
    object,
    below: below?.object.path ?? null,
    opaque: [...opaque],
    searched: [...searched],
    ownBytes,
  }
  writeLayerFile(layerFile(tree.folder), record, directories)
  const target = layerFolder(layout, object.path)
  if (!move(tree.folder, target)) {
    if (isThere()) return // another process was faster: ours is used by this build alone
    const aside = freshPath(layout.tmp, 'leftover')
    chmodSync(target, 0o755)
    renameSync(target, aside)
    renameSync(tree.folder, target)
    removeTree(aside)
  }
  tree.folder = target
}

/** False when something is there already. */
function move(folder: string, target: string): boolean {
  try {
    renameSync(folder, target)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // renameSync throws no other
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}
