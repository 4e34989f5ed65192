// input-root.ts — the directory tree that an action starts with, as Remote Execution `Directory` messages. Reads no file.
import type { Digest } from '../../dsl/plan/digest.ts'
import { type ContentDigest, contentDigest, encodeDirectory, type EncodedNode } from './tree-digest.ts'

/** A file or tree, by content, at an absolute path as the step sees it. A StoreObject will do as `object`. */
export interface InputNode {
  readonly path: string
  readonly object: ContentDigest & { readonly kind: 'file' | 'tree'; readonly executable: boolean }
}
export interface InputRoot {
  readonly root: ContentDigest
  /** The messages of the directories between root and inputs. */
  readonly messages: ReadonlyMap<Digest, Uint8Array>
}

type Place = InputNode['object'] | Directory
interface Directory {
  readonly kind: 'directory'
  readonly places: Map<string, Place>
}

/**
 * @param directories absolute paths that are there, if only as empty directories.
 * @throws TypeError when an input lies at or below another.
 */
export function inputRoot(inputs: readonly InputNode[], directories: readonly string[]): InputRoot {
  const top: Directory = { kind: 'directory', places: new Map() }
  for (const path of directories) directoryAt(top, segments(path))
  for (const { path, object } of inputs) {
    const names = segments(path)
    const name = names.pop()
    const { places } = directoryAt(top, names)
    if (name === undefined || places.has(name)) throw new TypeError(`two inputs at ${path}`)
    places.set(name, object)
  }
  const messages = new Map<Digest, Uint8Array>()
  return { root: encode(top, messages), messages }
}

function segments(path: string): string[] {
  const names = path.split('/').slice(1)
  if (!path.startsWith('/') || names.some((name) => name === '' || name === '.' || name === '..'))
    throw new TypeError(`not an absolute, normal path: ${path}`)
  return names
}

function directoryAt(top: Directory, names: readonly string[]): Directory {
  let here = top
  for (const name of names) {
    const next = here.places.get(name) ?? { kind: 'directory', places: new Map<string, Place>() }
    if (next.kind !== 'directory') throw new TypeError(`an input below another: /${names.join('/')}`)
    here.places.set(name, next)
    here = next
  }
  return here
}

function encode(directory: Directory, messages: Map<Digest, Uint8Array>): ContentDigest {
  const entries = [...directory.places].map(([name, place]): { name: Buffer; node: EncodedNode } => ({
    name: Buffer.from(name),
    node: place.kind === 'directory' ? { kind: 'tree', ...encode(place, messages) } : place,
  }))
  const message = encodeDirectory(entries)
  const content = contentDigest(message)
  messages.set(content.digest, message)
  return content
}
