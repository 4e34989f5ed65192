// tree-digest.ts — the Merkle digest of files: a directory is a Remote Execution API v2 `Directory` message. Changes nothing.
// Source: build/bazel/remote/execution/v2/remote_execution.proto of bazelbuild/remote-apis.
import { lstatSync, readlinkSync } from 'node:fs'
import { type Digest, digestOf } from '../../dsl/plan/digest.ts'
import { entryKind, join, namesIn } from './files/entry.ts'
import { hashFile } from './files/hash-file.ts'
import { integerField, messageField, textField } from './protobuf.ts'

/** What the API calls a Digest. Of a directory: of its message, not of the files below. */
export interface ContentDigest {
  readonly digest: Digest
  readonly sizeBytes: number
}
export interface FileNode extends ContentDigest {
  readonly kind: 'file'
  readonly executable: boolean
}
export interface LinkNode {
  readonly kind: 'link'
  readonly target: Buffer
}
export interface TreeNode extends ContentDigest {
  readonly kind: 'tree'
  readonly entries: readonly Entry[]
  readonly contentBytes: number // of all files below
}
export type Node = FileNode | LinkNode | TreeNode
export interface Entry {
  readonly name: Buffer
  readonly node: Node
  /** Hashes of store paths in its name, target or content, or below; absent: none of those that were looked for. */
  readonly mentions?: readonly string[]
}

/** What an entry of a directory message says of a node; a tree's entries are behind its digest. */
export type EncodedNode =
  LinkNode | (ContentDigest & { readonly kind: 'file' | 'tree'; readonly executable?: boolean })

/** Message `Directory`: entries by kind, then by the bytes of their names. */
export function encodeDirectory(
  entries: readonly { readonly name: Buffer; readonly node: EncodedNode }[],
): Buffer {
  const files: Buffer[] = []
  const directories: Buffer[] = []
  const links: Buffer[] = []
  for (const { name, node } of entries.toSorted((a, b) => a.name.compare(b.name))) {
    switch (node.kind) {
      case 'file':
        files.push(
          messageField(
            1,
            textField(1, name),
            digestField(2, node),
            integerField(4, node.executable === true),
          ),
        )
        break
      case 'tree':
        directories.push(messageField(2, textField(1, name), digestField(2, node)))
        break
      case 'link':
        links.push(messageField(3, textField(1, name), textField(2, node.target)))
    }
  }
  return Buffer.concat([...files, ...directories, ...links])
}

/** A field of message type `Digest`. */
export function digestField(field: number, content: ContentDigest): Buffer {
  return messageField(field, textField(1, content.digest), integerField(2, content.sizeBytes))
}

export function contentDigest(bytes: Uint8Array): ContentDigest {
  return { digest: digestOf(bytes), sizeBytes: bytes.length }
}

export function treeNode(entries: readonly Entry[]): TreeNode {
  const contentBytes = entries.reduce((sum, { node }) => sum + contentSize(node), 0)
  return { kind: 'tree', entries, contentBytes, ...contentDigest(encodeDirectory(entries)) }
}

/** Bytes of a file, or of all files of a tree. */
export function contentSize(node: Node): number {
  return node.kind === 'tree' ? node.contentBytes : node.kind === 'file' ? node.sizeBytes : 0
}

/**
 * Reads a file, link or directory. Sees content, the owner's executable bit, link targets, empty directories;
 * ignores times, owners, other mode bits and the order in which a directory lists its entries.
 * @throws CodedError TN5010 at a socket, named pipe or device.
 */
export function readNode(path: string | Buffer): Node {
  const bytes = Buffer.from(path)
  const stat = lstatSync(bytes)
  switch (entryKind(bytes, stat)) {
    case 'file':
      return { kind: 'file', executable: (stat.mode & 0o100) !== 0, ...hashFile(bytes) }
    case 'link':
      return { kind: 'link', target: readlinkSync(bytes, { encoding: 'buffer' }) }
    case 'directory':
      return treeNode(namesIn(bytes).map((name) => ({ name, node: readNode(join(bytes, name)) })))
  }
}

/** The digest of a directory. @throws CodedError as readNode does */
export function treeDigest(directory: string): ContentDigest {
  const node = readNode(directory)
  if (node.kind !== 'tree') throw new TypeError(`not a directory: ${directory}`)
  return { digest: node.digest, sizeBytes: node.sizeBytes }
}
