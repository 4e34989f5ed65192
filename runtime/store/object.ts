// object.ts — what the store knows of an object, and its record on disk. Knows nothing of the object's bytes.
import { lstatSync, readFileSync } from 'node:fs'
import type { Digest } from '../../dsl/plan/digest.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import { atomicWrite } from './files/atomic-write.ts'
import { type Layout, objectRecordFile, physicalPath } from './layout.ts'
import { freshPath } from './running/scratch.ts'
import type { StorePath } from './store-path.ts'

export interface StoreObject {
  readonly path: StorePath
  readonly kind: 'file' | 'tree'
  /** Of a file: of its bytes. Of a tree: of its `Directory` message. */
  readonly digest: Digest
  /** What the digest is of: the file's size, or the message's. */
  readonly sizeBytes: number
  /** Of the file, or of all files in the tree. */
  readonly contentBytes: number
  readonly executable: boolean
  /** Other objects that its bytes name, sorted. */
  readonly references: readonly StorePath[]
  readonly selfReferences: boolean
  /** With self references: the hash that stood in their place when the path was computed, so that it can be again. */
  readonly placeholderHash: string | null
}

const OBJECT_FORMAT = 1

interface ObjectRecord {
  readonly format: typeof OBJECT_FORMAT
  readonly object: StoreObject
}

/** Undefined also when the record is damaged or the object's files are gone: both get made again. */
export function readObject(layout: Layout, path: StorePath): StoreObject | undefined {
  return lstatSync(physicalPath(layout, path), { throwIfNoEntry: false }) && readObjectRecord(layout, path)
}

/** What the record says, whether the files are there or not. */
export function readObjectRecord(layout: Layout, path: StorePath): StoreObject | undefined {
  const object = parseRecord<ObjectRecord>(readText(objectRecordFile(layout, path)), OBJECT_FORMAT)?.object
  return object?.path === path ? object : undefined
}

export function writeObject(layout: Layout, object: StoreObject): void {
  const record: ObjectRecord = { format: OBJECT_FORMAT, object }
  atomicWrite(freshPath(layout.tmp, 'object'), objectRecordFile(layout, object.path), canonicalJson(record))
}

/** A JSON record that this version wrote; undefined when there is none, or it is damaged or of another format. */
export function parseRecord<T extends { readonly format: number }>(
  text: string | undefined,
  format: T['format'],
): T | undefined {
  try {
    const record = JSON.parse(text ?? '') as T // only Tenon writes here; the format tells which
    return record.format === format ? record : undefined
  } catch {
    return undefined
  }
}

/** Undefined when there is none. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
