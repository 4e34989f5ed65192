// layer-file.ts — what is known of one stored layer, in one file: a line of JSON, an index, and the directories that it encoded anew.
// So a directory is found by its digest with few reads, however large the tree is. Text, one item a line.
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { type Digest, parseDigest } from '../../../dsl/plan/digest.ts'
import { canonicalJson } from '../../../dsl/plan/json.ts'
import type { StoreObject } from '../object.ts'
import type { StorePath } from '../store-path.ts'
import { type Entry, type Node, treeNode, type TreeNode } from '../tree-digest.ts'

export interface LayerRecord {
  readonly format: typeof LAYER_FORMAT
  /** What the layer and all below it are together. */
  readonly object: StoreObject
  /** What the layer stands on; null: nothing, it is a whole tree. */
  readonly below: StorePath | null
  /** As layer.ts says. */
  readonly opaque: readonly string[]
  /** Hashes of store paths that were looked for in all of the tree. */
  readonly searched: readonly string[]
  /** Of the layer's own files. */
  readonly ownBytes: number
  /** How many are in the file. */
  readonly directories: number
}

const LAYER_FORMAT = 1
const FIRST_BYTES = 1 << 14
const INDEX_LINE = 64 + 1 + 12 + 1 + 12 + 1 // digest, offset from the first directory, length

export function writeLayerFile(
  file: string,
  record: Omit<LayerRecord, 'format' | 'directories'>,
  directories: readonly TreeNode[],
): void {
  const byDigest = new Map(directories.map((tree) => [tree.digest, tree]))
  const index: string[] = []
  const lines: string[] = []
  let offset = 0
  for (const digest of [...byDigest.keys()].sort()) {
    const line = JSON.stringify(byDigest.get(digest)?.entries.map(wordsOf)) // names are latin1: a character is not always a byte
    const bytes = Buffer.byteLength(line)
    index.push(`${digest} ${pad(offset)} ${pad(bytes)}\n`)
    lines.push(line, '\n')
    offset += bytes + 1
  }
  const head: LayerRecord = { format: LAYER_FORMAT, ...record, directories: byDigest.size }
  writeFileSync(file, `${canonicalJson(head)}\n${index.join('')}${lines.join('')}`)
}

function pad(amount: number): string {
  return String(amount).padStart(12, '0')
}

/** Undefined when it is absent, damaged or of another format. */
export function readLayerRecord(file: string, path: StorePath): LayerRecord | undefined {
  try {
    return headOf(file, path)?.record
  } catch {
    return undefined
  }
}

function headOf(file: string, path: StorePath): { record: LayerRecord; bytes: number } | undefined {
  for (let size = FIRST_BYTES; ; size *= 4) {
    const first = readAt(file, 0, size)
    const bytes = first.indexOf('\n')
    if (bytes === -1 && first.length === size) continue
    const record = JSON.parse(first.toString('utf8', 0, Math.max(bytes, 0))) as LayerRecord // only Tenon writes here
    return record.format === LAYER_FORMAT && record.object.path === path ? { record, bytes } : undefined
  }
}

function readAt(file: string, position: number, size: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.allocUnsafe(size)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, size, position))
  } finally {
    closeSync(descriptor)
  }
}

/** One layer's directories; those below them are found by `lookUp`, wherever they are. Undefined: not in this layer. */
export class LayerDirectories {
  readonly #file: string
  readonly #index: number
  readonly #count: number

  /** @throws SyntaxError, ErrnoException when the file is damaged or gone */
  constructor(file: string, path: StorePath) {
    const head = headOf(file, path)
    if (head === undefined) throw new SyntaxError(`${file} is not the record of ${path}`)
    this.#file = file
    this.#index = head.bytes + 1
    this.#count = head.record.directories
  }

  digests(): readonly string[] {
    const index = readAt(this.#file, this.#index, this.#count * INDEX_LINE).toString('latin1')
    return index
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(0, 64))
  }

  /** Undefined: it is not one of them. */
  entries(digest: Digest, lookUp: LookUp): readonly Entry[] | undefined {
    let [low, high] = [0, this.#count]
    while (low < high) {
      const middle = (low + high) >> 1
      const at = this.#index + middle * INDEX_LINE
      const [found = '', offset, bytes] = readAt(this.#file, at, INDEX_LINE).toString('latin1').split(' ')
      if (found === digest) {
        const start = this.#index + this.#count * INDEX_LINE + Number(offset)
        const words = JSON.parse(readAt(this.#file, start, Number(bytes)).toString()) as readonly Words[] // as written above
        return words.map((each) => entryFrom(each, lookUp))
      }
      if (found < digest) low = middle + 1
      else high = middle
    }
    return undefined
  }
}

/** The first of a layer's directories that cannot be read, or is another than recorded; null: all are well. */
export function damagedDirectory(file: string, path: StorePath): string | null {
  const layer = new LayerDirectories(file, path)
  for (const digest of layer.digests()) {
    try {
      const entries = layer.entries(parseDigest(digest), () => [])
      if (entries === undefined || treeNode(entries).digest !== digest) return digest
    } catch {
      return digest
    }
  }
  return null
}

/** The entries of a directory, when somebody asks for them. */
export type LookUp = (digest: Digest) => readonly Entry[]

/** Name; kind; content of a file or tree, or target of a link; bytes of files below; mentions. Bytes are latin1. */
type Words = readonly [
  name: string,
  kind: 'f' | 'x' | 'l' | 't',
  content: string,
  sizeBytes: number,
  contentBytes: number,
  mentions?: readonly string[],
]

function wordsOf({ name, node, mentions }: Entry): Words {
  const rest = mentions === undefined ? ([] as const) : ([mentions] as const)
  const text = name.toString('latin1')
  switch (node.kind) {
    case 'file':
      return [text, node.executable ? 'x' : 'f', node.digest, node.sizeBytes, 0, ...rest]
    case 'link':
      return [text, 'l', node.target.toString('latin1'), 0, 0, ...rest]
    case 'tree':
      return [text, 't', node.digest, node.sizeBytes, node.contentBytes, ...rest]
  }
}

function entryFrom([name, kind, content, sizeBytes, contentBytes, mentions]: Words, lookUp: LookUp): Entry {
  const rest = mentions === undefined ? {} : { mentions }
  const nodeOf = (): Node => {
    switch (kind) {
      case 'f':
      case 'x':
        return { kind: 'file', executable: kind === 'x', digest: parseDigest(content), sizeBytes }
      case 'l':
        return { kind: 'link', target: Buffer.from(content, 'latin1') }
      case 't':
        return storedNode({ digest: parseDigest(content), sizeBytes, contentBytes }, lookUp)
    }
  }
  return { name: Buffer.from(name, 'latin1'), node: nodeOf(), ...rest }
}

/** A directory of which only the digest is known until its entries are asked for; these are checked against it. */
export function storedNode(
  content: Pick<TreeNode, 'digest' | 'sizeBytes' | 'contentBytes'>,
  lookUp: LookUp,
): TreeNode {
  let entries: readonly Entry[] | undefined
  return {
    kind: 'tree',
    ...content,
    get entries() {
      if (entries !== undefined) return entries
      entries = lookUp(content.digest)
      if (treeNode(entries).digest !== content.digest)
        throw new SyntaxError(`what is recorded as directory ${content.digest} is another`)
      return entries
    },
  }
}
