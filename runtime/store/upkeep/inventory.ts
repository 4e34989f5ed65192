// inventory.ts — all that lies in a store, whole or not. Judges and changes nothing.
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, parseDigest } from '../../../dsl/plan/digest.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import { layerFile } from '../layers/keep.ts'
import { type LayerRecord, readLayerRecord } from '../layers/layer-file.ts'
import { filesIn } from '../layers/layered-tree.ts'
import { layerFolder, type Layout, objectRecordFile, physicalPath, RESULT_ENDING } from '../layout.ts'
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
  /** When it is there in layers: what its own layer is. It may be there as a folder as well. */
  readonly layer: LayerRecord | undefined
  /** What must be there that it may be used: what it refers to, and what its layer stands on. */
  readonly needs: readonly StorePath[]
  /** What its files take by themselves. */
  readonly ownBytes: number
  /** When a build last used it: to the hour. 0 without record. */
  readonly usedMs: number
}

/** Sorted by path. */
export function inventory(layout: Layout): readonly InventoryEntry[] {
  const recorded = readdirSync(layout.objects).flatMap((name) =>
    name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : [],
  )
  const names = new Set([...recorded, ...readdirSync(layout.store), ...readdirSync(layout.layers)])
  const paths = [...names].map((name) => `${STORE_ROOT}/${name}`).filter(isStorePath)
  return paths.sort(byCodeUnit).map((path) => entryOf(layout, path))
}

function entryOf(layout: Layout, path: StorePath): InventoryEntry {
  const record = statSync(objectRecordFile(layout, path), { throwIfNoEntry: false })
  const folder = layerFolder(layout, path)
  const layerRecord = statSync(layerFile(folder), { throwIfNoEntry: false })
  const plain = record && readObjectRecord(layout, path)
  const layer = layerRecord && readLayerRecord(layerFile(folder), path)
  const object = plain ?? layer?.object
  const hasFolder = isThere(physicalPath(layout, path))
  const below = layer?.below == null ? [] : [layer.below]
  return {
    path,
    object,
    hasRecord: record !== undefined || layerRecord !== undefined,
    hasFiles: hasFolder || isThere(filesIn(folder)),
    layer,
    needs: [...(object?.references ?? []), ...below],
    ownBytes: (plain !== undefined && hasFolder ? plain.contentBytes : 0) + (layer?.ownBytes ?? 0),
    usedMs: Math.max(record?.mtimeMs ?? 0, layerRecord?.mtimeMs ?? 0),
  }
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
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
