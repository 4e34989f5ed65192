// layout.ts — where everything lies below a store's home. Makes no file.
import { join } from 'node:path'
import type { Digest } from '../../dsl/plan/digest.ts'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { isStorePath, type StorePath, storeBaseName } from './store-path.ts'

export interface Layout {
  readonly home: string
  readonly store: string
  readonly objects: string
  readonly realisations: string
  readonly actions: string
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
    objects: below('objects'),
    realisations: below('realisations'),
    actions: below('actions'),
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

export function objectRecordFile(layout: Layout, path: StorePath): string {
  return `${layout.objects}/${baseNameOf(path)}.json`
}

/** A file in a folder by the first byte of its key, so that no folder gets too long. */
export function shardedFile(folder: string, key: Digest): string {
  return `${folder}/${key.slice(0, 2)}/${key}.json`
}

function baseNameOf(path: StorePath): string {
  if (isStorePath(path)) return storeBaseName(path)
  throw new CodedError('TN5021', `${JSON.stringify(path)} is not the path of a store object`, {
    hint: 'Objects are at /tenon/store/<32 characters>-<name>; a path inside of an object does not name one.',
  })
}
