// examine.ts — reads a tree about to be admitted: digests, and which hashes of store paths stand where. Also puts others in their place.
import {
  closeSync,
  lstatSync,
  openSync,
  renameSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { entryKind, join, namesIn } from './files/entry.ts'
import { hashFile } from './files/hash-file.ts'
import { entryOf, mentionedIn, type Note, readLeaf } from './mention.ts'
import { type Finder, finderOf } from './references.ts'
import { type FileNode, type Node, treeNode } from './tree-digest.ts'

interface Use {
  readonly hash: string
  readonly offset: number // in the file
}
export interface Examined {
  readonly node: Node
  /** Which of the hashes sought are in bytes, link targets or names. */
  readonly found: ReadonlySet<string>
  /** Where, in files. */
  readonly uses: Map<FileNode, readonly Use[]>
}

/** @param places hashes whose places in files must be known, because they may get rewritten. */
export function examine(path: Buffer, hashes: ReadonlySet<string>, places: ReadonlySet<string>): Examined {
  const found = new Set<string>()
  const uses: Examined['uses'] = new Map()
  const node = read(path, { find: finderOf(hashes), places, uses }, (hash) => found.add(hash))
  if (node.kind === 'tree') for (const hash of mentionedIn(node.entries)) found.add(hash)
  return { node, found, uses }
}

interface Search {
  readonly find: Finder
  readonly places: ReadonlySet<string>
  readonly uses: Examined['uses']
}

function read(path: Buffer, search: Search, note: Note): Node {
  const stat = lstatSync(path)
  switch (entryKind(path, stat)) {
    case 'file':
      return readFile(path, stat, search, note)
    case 'link':
      return readLeaf(path, stat, search.find, note)
    case 'directory':
      return treeNode(
        namesIn(path).map((name) =>
          entryOf(name, search.find, (here) => read(join(path, name), search, here)),
        ),
      )
  }
}

function readFile(path: Buffer, stat: Stats, search: Search, note: Note): FileNode {
  const here: Use[] = []
  const content = hashFile(path, (window, windowOffset) =>
    search.find(window, (hash, offset) => {
      note(hash)
      if (search.places.has(hash)) here.push({ hash, offset: windowOffset + offset })
    }),
  )
  const node: FileNode = { kind: 'file', executable: (stat.mode & 0o100) !== 0, ...content }
  if (here.length > 0) search.uses.set(node, here)
  return node
}

/**
 * Replaces hashes by others of the same length, in files, link targets and names.
 * @returns the node that is at `path` now; unchanged parts are not read again.
 */
export function rewrite(
  path: Buffer,
  node: Node,
  uses: Examined['uses'],
  by: ReadonlyMap<string, string>,
): Node {
  switch (node.kind) {
    case 'file':
      return rewriteFile(path, node, uses, by)
    case 'link': {
      const target = substitute(node.target, by)
      if (target.equals(node.target)) return node
      unlinkSync(path)
      symlinkSync(target, path)
      return { kind: 'link', target }
    }
    case 'tree': {
      const entries = node.entries.map((entry) => {
        const name = substitute(entry.name, by)
        if (!name.equals(entry.name)) renameSync(join(path, entry.name), join(path, name))
        return { name, node: rewrite(join(path, name), entry.node, uses, by) }
      })
      return treeNode(entries.sort((a, b) => a.name.compare(b.name)))
    }
  }
}

function rewriteFile(
  path: Buffer,
  node: FileNode,
  uses: Examined['uses'],
  by: ReadonlyMap<string, string>,
): FileNode {
  const here = uses.get(node)
  if (here === undefined || !here.some(({ hash }) => by.has(hash))) return node
  const file = openSync(path, 'r+')
  try {
    for (const { hash, offset } of here) {
      const replacement = by.get(hash)
      if (replacement !== undefined) writeSync(file, replacement, offset, 'latin1')
    }
  } finally {
    closeSync(file)
  }
  const rewritten: FileNode = { ...node, ...hashFile(path) }
  uses.set(
    rewritten,
    here.filter(({ hash }) => !by.has(hash)),
  )
  return rewritten
}

function substitute(bytes: Buffer, by: ReadonlyMap<string, string>): Buffer {
  const result = Buffer.from(bytes)
  finderOf(by.keys())(bytes, (hash, offset) => void result.write(by.get(hash) ?? hash, offset, 'latin1'))
  return result
}
