// mentions.ts — which hashes of store paths are where in a tree in layers, known from step to step. Reads what changed, and all for a new hash.
import { readlinkSync } from 'node:fs'
import { hashFile } from '../files/hash-file.ts'
import { type Finder, finderOf } from '../references.ts'
import { entryIn, type Layer, type MergedDirectory, namesIn, rootOf } from './layer.ts'

export interface Mentions {
  readonly searched: ReadonlySet<string>
  /** By path from the root, latin1: the hashes in its name, its target or its content. */
  readonly places: ReadonlyMap<string, ReadonlySet<string>>
}

export const NOTHING_SEARCHED: Mentions = { searched: new Set(), places: new Map() }

/** `before` is of all layers but the first. @returns what the whole tree mentions of `hashes` */
export function mentionsAfter(
  before: Mentions,
  layers: readonly Layer[],
  hashes: ReadonlySet<string>,
): Mentions {
  const places = new Map<string, Set<string>>()
  const add = (path: string, found: Iterable<string>): void => {
    const there = places.get(path) ?? new Set()
    for (const hash of found) there.add(hash)
    places.set(path, there)
  }
  const [upper] = layers
  for (const [path, found] of before.places) if (isLeftAsItWas(path, layers)) add(path, found)
  search(upper === undefined ? [] : [upper], new Set([...hashes, ...before.searched]), add)
  const unsearched = new Set([...hashes].filter((hash) => !before.searched.has(hash)))
  if (unsearched.size > 0) search(layers, unsearched, add)
  return { searched: new Set([...hashes, ...before.searched]), places }
}

export function mentioned({ places }: Mentions): ReadonlySet<string> {
  return new Set([...places.values()].flatMap((found) => [...found]))
}

type Add = (path: string, found: Iterable<string>) => void

function search(layers: readonly Layer[], hashes: ReadonlySet<string>, add: Add): void {
  if (hashes.size > 0) searchDirectory(rootOf(layers), finderOf(hashes), add)
}

function searchDirectory(directory: MergedDirectory, find: Finder, add: Add): void {
  for (const name of namesIn(directory)) {
    const entry = entryIn(directory, name)
    if (entry === undefined) continue
    const path = `${directory.name}/${name.toString('latin1')}`
    const note = (hash: string): void => add(path, [hash])
    find(name, note)
    if (entry.kind === 'directory') searchDirectory(entry.directory, find, add)
    else if (entry.stat.isSymbolicLink()) find(readlinkSync(entry.path, { encoding: 'buffer' }), note)
    else if (entry.stat.isFile()) hashFile(entry.path, (window) => find(window, note))
  }
}

/** What the upper layer has is searched anew; what it deletes mentions nothing. */
function isLeftAsItWas(path: string, layers: readonly Layer[]): boolean {
  let directory = rootOf(layers)
  const names = path.split('/').slice(1)
  for (const [i, name] of names.entries()) {
    const entry = entryIn(directory, Buffer.from(name, 'latin1'))
    if (entry === undefined) return false
    if (entry.kind === 'other')
      return (
        i === names.length - 1 && !entry.path.toString('latin1').startsWith(`${layers[0]?.directory ?? ''}/`)
      )
    directory = entry.directory
  }
  return true
}
