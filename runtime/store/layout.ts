// layout.ts — where everything lies below a store's home. Makes no file.
import { join } from 'node:path'
import type { Digest } from '../../dsl/plan/digest.ts'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { isStorePath, type StorePath, storeBaseName } from './store-path.ts'

export interface Layout {
  readonly home: string
  readonly store: string
  readonly layers: string
  readonly objects: string
  readonly results: string
  readonly logs: string
  readonly roots: string
  readonly tmp: string
  readonly locks: string
}

export function layoutOf(home: string): Layout {
  const below = (name: string): string => join(home, name)
  return {
    home,
    store: below('store'),
    layers: below('layers'),
    objects: below('objects'),
    results: below('results'),
    logs: below('logs'),
    roots: below('roots'),
    tmp: below('tmp'),
    locks: below('locks'),
  }
}

/** Whoever holds it may remove objects; who wants to use one waits. */
export function collectorLock(layout: Layout): string {
  return `${layout.locks}/collector`
}

/** @throws CodedError TN5021 when the text is no store path: it must never lead out of the store. */
export function physicalPath(layout: Layout, path: StorePath): string {
  return `${layout.store}/${baseNameOf(path)}`
}

/** Of a tree in layers: its own files, and what is known of them. @throws CodedError TN5021 */
export function layerFolder(layout: Layout, path: StorePath): string {
  return `${layout.layers}/${baseNameOf(path)}`
}

export function objectRecordFile(layout: Layout, path: StorePath): string {
  return `${layout.objects}/${baseNameOf(path)}.json`
}

export function resultFile(layout: Layout, key: Digest): string {
  return `${layout.results}/${key}${RESULT_ENDING}`
}
export const RESULT_ENDING = '.jsonl'

function baseNameOf(path: StorePath): string {
  if (isStorePath(path)) return storeBaseName(path)
  throw new CodedError('TN5021', `${JSON.stringify(path)} is not the path of a store object`, {
    hint: 'Objects are at /tenon/store/<32 characters>-<name>; a path inside of an object does not name one.',
  })
}
