// describe-object.ts — what files are as an object of the store: its path by content, kind and name. Touches no file.
import { digestOf, shortHash } from '../../dsl/plan/digest.ts'
import { byCodeUnit, canonicalJson } from '../../dsl/plan/json.ts'
import { storeName } from '../../dsl/plan/placeholder.ts'
import type { StoreObject } from './object.ts'
import { hashPart, type StorePath, storePath } from './store-path.ts'
import { contentSize, type Node } from './tree-digest.ts'

export interface ObjectOptions {
  readonly name: string
  /** What the files may refer to: objects of this store. */
  readonly candidates: readonly StorePath[]
}

/** What a tree would be as an object that `admit` made without a placeholder. `found`: the hashes that it mentions. */
export function describeTree(node: Node, options: ObjectOptions, found: ReadonlySet<string>): StoreObject {
  return {
    path: objectPath(node, storeName(options.name), false),
    ...measure(node),
    references: options.candidates.filter((path) => found.has(hashPart(path))).toSorted(byCodeUnit),
    selfReferences: false,
    placeholderHash: null,
  }
}

const PATH_FORMAT = 1

/** The path is a function of content, name and kind: the same in every store, whoever made the object. */
export function objectPath(modulo: Node, name: string, selfReferences: boolean): StorePath {
  const { kind, digest, executable } = measure(modulo)
  const text = canonicalJson({ kind, digest, executable, name, selfReferences })
  return storePath(shortHash(digestOf(`object:${PATH_FORMAT}:${text}`)), name)
}

export function measure(
  node: Node,
): Pick<StoreObject, 'kind' | 'digest' | 'sizeBytes' | 'contentBytes' | 'executable'> {
  if (node.kind === 'link') throw new TypeError('a link is no object') // only files and trees are admitted
  const { kind, digest, sizeBytes } = node
  return {
    kind,
    digest,
    sizeBytes,
    contentBytes: contentSize(node),
    executable: kind === 'file' && node.executable,
  }
}
