// inventory.ts — all that lies in a store, whole or not. Judges and changes nothing.
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, parseDigest } from '../../../dsl/plan/digest.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import { type Layout, objectRecordFile, physicalPath, RESULT_ENDING } from '../layout.ts'
import { readObjectRecord, type StoreObject } from '../object.ts'
import { readRealisation, type Realisation } from '../realisation.ts'
import { isStorePath, STORE_ROOT, type StorePath } from '../store-path.ts'

/** A path that has a record or files. */
export interface InventoryEntry {
  readonly path: StorePath
  /** Undefined: there is none, or it can't be read. */
  readonly object: StoreObject | undefined
  readonly hasRecord: boolean
  readonly hasFiles: boolean
  /** When a build last used it: to the hour. 0 without record. */
  readonly usedMs: number
}

/** Sorted by path. */
export function inventory(layout: Layout): readonly InventoryEntry[] {
  const recorded = readdirSync(layout.objects).flatMap((name) =>
    name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [],
  )
  const names = new Set([...recorded, ...readdirSync(layout.store)])
  const paths = [...names].map((name) => `${STORE_ROOT}/${name}`).filter(isStorePath)
  return paths.sort(byCodeUnit).map((path) => entryOf(layout, path))
}

function entryOf(layout: Layout, path: StorePath): InventoryEntry {
  const record = statSync(objectRecordFile(layout, path), { throwIfNoEntry: false })
  return {
    path,
    object: record && readObjectRecord(layout, path),
    hasRecord: record !== undefined,
    hasFiles: lstatSync(physicalPath(layout, path), { throwIfNoEntry: false }) !== undefined,
    usedMs: record?.mtimeMs ?? 0,
  }
}

export interface ResultEntry {
  readonly key: Digest
  readonly file: string
  /** Undefined: the record is damaged. */
  readonly realisation: Realisation | undefined
  readonly usedMs: number
}

export function results(layout: Layout): readonly ResultEntry[] {
  return keyed(layout.results, RESULT_ENDING).map(({ key, file }) => ({
    key,
    file,
    realisation: readRealisation(layout, key),
    usedMs: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }))
}

export interface KeyedFile {
  readonly key: Digest
  readonly file: string
}

export function logFiles(layout: Layout): readonly KeyedFile[] {
  return keyed(layout.logs, '.log')
}

function keyed(folder: string, ending: string): readonly KeyedFile[] {
  return readdirSync(folder).flatMap((name) => {
    const key = keyOf(name, ending)
    return key === undefined ? [] : [{ key, file: join(folder, name) }]
  })
}

function keyOf(name: string, ending: string): Digest | undefined {
  const text = name.slice(0, -ending.length)
  return name.endsWith(ending) && /^[0-9a-f]{64}$/.test(text) ? parseDigest(text) : undefined
}
