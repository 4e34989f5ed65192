// layer.ts — a tree in layers, as Linux's overlay file system leaves them: what each hides, and what is found through all of them.
import { lstatSync, readFileSync, readdirSync, type Stats } from 'node:fs'
import { join } from '../files/entry.ts'

export interface Layer {
  readonly directory: string
  /** Directories that hide what the layers below have there: paths from the root (`/a/b`), as latin1 so that every byte counts. */
  readonly opaque: ReadonlySet<string>
}

/** A plain directory: the lowest layer of every tree. */
export function plainLayer(directory: string): Layer {
  return { directory, opaque: new Set() }
}

/** `list`: the paths, each ended by NUL, as the one who could read the extended attributes wrote them down. */
export function writtenLayer(directory: string, list: string): Layer {
  return { directory, opaque: new Set(readFileSync(list, 'latin1').split('\0').slice(0, -1)) }
}

/** The mark of something deleted: a character device 0/0. */
export function isWhiteout(stat: Stats): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0
}

/** What the layers have at one directory: those that take part there, top first. */
export interface MergedDirectory {
  readonly parts: readonly { readonly path: Buffer; readonly layer: Layer }[]
  /** Latin1, from the tree's root. */
  readonly name: string
}

export function rootOf(layers: readonly Layer[]): MergedDirectory {
  return { parts: layers.map((layer) => ({ path: Buffer.from(layer.directory), layer })), name: '' }
}

export type MergedEntry =
  | { readonly kind: 'directory'; readonly directory: MergedDirectory }
  /** A file, a link, or what no tree may hold. */
  | { readonly kind: 'other'; readonly path: Buffer; readonly stat: Stats }

/** What is at `name` in the directory; undefined when nothing is, or a layer says so. */
export function entryIn(directory: MergedDirectory, name: Buffer): MergedEntry | undefined {
  const parts: { path: Buffer; layer: Layer }[] = []
  const below = `${directory.name}/${name.toString('latin1')}`
  for (const part of directory.parts) {
    const path = join(part.path, name)
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) continue
    if (!stat.isDirectory()) {
      if (parts.length === 0 && !isWhiteout(stat)) return { kind: 'other', path, stat }
      break
    }
    parts.push({ path, layer: part.layer })
    if (part.layer.opaque.has(below)) break
  }
  return parts.length === 0 ? undefined : { kind: 'directory', directory: { parts, name: below } }
}

/** Of all layers, without those that are deleted; by their bytes. */
export function namesIn(directory: MergedDirectory): Buffer[] {
  const names = new Map<string, Buffer>()
  for (const { path } of directory.parts)
    for (const name of readdirSync(path, { encoding: 'buffer' })) names.set(name.toString('latin1'), name)
  return [...names.values()].sort((a, b) => a.compare(b))
}

/** The directory at a path below the root; undefined when there is none. */
export function mergedAt(layers: readonly Layer[], names: readonly string[]): MergedDirectory | undefined {
  let directory = rootOf(layers)
  for (const name of names) {
    const entry = entryIn(directory, Buffer.from(name))
    if (entry?.kind !== 'directory') return undefined
    directory = entry.directory
  }
  return directory
}

/** The physical path of the topmost file, link or directory at a path below the root. */
export function findIn(layers: readonly Layer[], names: readonly string[]): string | undefined {
  let directory = rootOf(layers)
  let found = directory.parts[0]?.path
  for (const [i, name] of names.entries()) {
    const entry = entryIn(directory, Buffer.from(name))
    if (entry === undefined) return undefined
    if (entry.kind === 'other') return i === names.length - 1 ? entry.path.toString() : undefined
    directory = entry.directory
    found = directory.parts[0]?.path
  }
  return found?.toString()
}
