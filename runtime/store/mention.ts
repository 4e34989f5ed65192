// mention.ts — entries of directories with the hashes of store paths that they mention: in names, targets, contents, and below.
import { readlinkSync, type Stats } from 'node:fs'
import { entryKind } from './files/entry.ts'
import { hashFile } from './files/hash-file.ts'
import type { Finder } from './references.ts'
import type { Entry, FileNode, LinkNode, Node } from './tree-digest.ts'

export type Note = (hash: string) => void

/** The entry of what `read` reads; that one notes what it finds by itself. */
export function entryOf(name: Buffer, find: Finder, read: (note: Note) => Node): Entry {
  let mentions: Set<string> | undefined
  const note: Note = (hash) => void (mentions ??= new Set()).add(hash)
  find(name, note)
  const node = read(note)
  if (node.kind === 'tree') for (const entry of node.entries) entry.mentions?.forEach(note)
  return mentions === undefined ? { name, node } : { name, node, mentions: [...mentions] }
}

/** A file or link. @throws CodedError TN5010 at what no tree may hold */
export function readLeaf(path: Buffer, stat: Stats, find: Finder, note: Note): FileNode | LinkNode {
  if (entryKind(path, stat) === 'link') {
    const target = readlinkSync(path, { encoding: 'buffer' })
    find(target, note)
    return { kind: 'link', target }
  }
  const content = hashFile(path, (window) => find(window, note))
  return { kind: 'file', executable: (stat.mode & 0o100) !== 0, ...content }
}

export function mentionedIn(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ mentions }) => mentions ?? []))
}
