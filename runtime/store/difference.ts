// difference.ts — where two trees differ first. Changes nothing.
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from './files/entry.ts'
import type { Entry, Node } from './tree-digest.ts'

export interface Side {
  readonly path: Buffer
  readonly node: Node
}
export interface Difference {
  /** Below the two; empty: they themselves. Bytes that are not UTF-8 are shown as replacement characters. */
  readonly path: string
  /** `one` and `other`, in words. */
  readonly how: string
}

/** By path; undefined when the digests agree. */
export function firstDifference(one: Side, other: Side, at = ''): Difference | undefined {
  if (one.node.kind === 'tree' && other.node.kind === 'tree')
    return one.node.digest === other.node.digest
      ? undefined
      : inTrees(one.path, one.node.entries, other.path, other.node.entries, at)
  const how = howTheyDiffer(one, other)
  return how === undefined ? undefined : { path: at, how }
}

function inTrees(
  onePath: Buffer,
  one: readonly Entry[],
  otherPath: Buffer,
  other: readonly Entry[],
  at: string,
): Difference | undefined {
  const names = [...one, ...other].map(({ name }) => name).sort((a, b) => a.compare(b))
  for (const name of names) {
    const [mine, theirs] = [one, other].map((entries) => entries.find((entry) => entry.name.equals(name)))
    const path = at === '' ? name.toString() : `${at}/${name.toString()}`
    if (mine === undefined) return { path, how: 'is only in the second' }
    if (theirs === undefined) return { path, how: 'is only in the first' }
    const found = firstDifference(
      { path: join(onePath, name), node: mine.node },
      { path: join(otherPath, name), node: theirs.node },
      path,
    )
    if (found !== undefined) return found
  }
  return undefined
}

function howTheyDiffer(one: Side, other: Side): string | undefined {
  const [a, b] = [one.node, other.node]
  if (a.kind === 'link' && b.kind === 'link')
    return a.target.equals(b.target)
      ? undefined
      : `leads to ${JSON.stringify(a.target.toString())}, then to ${JSON.stringify(b.target.toString())}`
  if (a.kind !== 'file' || b.kind !== 'file')
    return a.kind === b.kind ? undefined : `is a ${a.kind}, then a ${b.kind}`
  if (a.digest !== b.digest) return contentDifference(one.path, a.sizeBytes, other.path, b.sizeBytes)
  if (a.executable === b.executable) return undefined
  return a.executable ? 'is executable, then it is not' : 'is not executable, then it is'
}

const CHUNK_BYTES = 1 << 16
const SHOWN_BYTES = 32

function contentDifference(one: Buffer, oneBytes: number, other: Buffer, otherBytes: number): string {
  const [a, b] = [openSync(one, 'r'), openSync(other, 'r')]
  try {
    const offset = firstOffset(a, b)
    const [shownA, shownB] = [a, b].map((file) =>
      JSON.stringify(read(file, offset, SHOWN_BYTES).toString('latin1')),
    )
    const sizes = oneBytes === otherBytes ? `${oneBytes} bytes` : `${oneBytes} bytes, then ${otherBytes}`
    return `differs from byte ${offset} on (${sizes}): ${shownA}, then ${shownB}`
  } finally {
    closeSync(a)
    closeSync(b)
  }
}

function firstOffset(a: number, b: number): number {
  for (let offset = 0; ; offset += CHUNK_BYTES) {
    const [one, other] = [read(a, offset, CHUNK_BYTES), read(b, offset, CHUNK_BYTES)]
    if (one.equals(other) && one.length > 0) continue
    const at = one.findIndex((byte, i) => byte !== other[i])
    return offset + (at === -1 ? one.length : at)
  }
}

function read(file: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes)
  return buffer.subarray(0, readSync(file, buffer, 0, bytes, offset))
}
