// admit.ts — makes a store object of files that a step left: path by content, references, atomic publication.
import { chmodSync, existsSync, renameSync, utimesSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { digestOf, shortHash } from '../../dsl/plan/digest.ts'
import { byCodeUnit, canonicalJson } from '../../dsl/plan/json.ts'
import { storeName } from '../../dsl/plan/placeholder.ts'
import { FILE_TIME_SECONDS } from './files/copy-tree.ts'
import { withFileErrors } from './files/file-error.ts'
import { removeTree } from './files/remove-tree.ts'
import { examine, rewrite } from './examine.ts'
import { type Layout, physicalPath } from './layout.ts'
import { readObject, type StoreObject, writeObject } from './object.ts'
import type { Pins } from './running/pins.ts'
import { freshPath } from './running/scratch.ts'
import { own, seal, stageFiles } from './stage.ts'
import { hashPart, namePart, type StorePath, storePath } from './store-path.ts'
import { contentSize, type Node, readNode } from './tree-digest.ts'

export interface AdmitOptions {
  readonly name: string
  /** The path that the step used for this output while it ran. */
  readonly placeholder?: StorePath
  /** What the files may refer to: objects of this store. */
  readonly candidates: readonly StorePath[]
  /** The source may be moved and altered. */
  readonly consume: boolean
  /** Placeholders of other outputs that are objects already. */
  readonly admitted?: ReadonlyMap<StorePath, StorePath>
}

/** Where objects go, and the note that nobody may collect them yet. */
export interface Destination {
  readonly layout: Layout
  readonly pins: Pins
}

/**
 * When it fails, the store is as it was; a source that was consumed is put back, perhaps altered.
 * @throws CodedError TN5001 (file system), TN5010 (special file), TN5011 (setuid), TN5012 (no file or directory),
 *   TN5020 (a reference to what is not in the store).
 */
export function admit(destination: Destination, source: string, options: AdmitOptions): StoreObject {
  if (options.placeholder !== undefined && namePart(options.placeholder) !== storeName(options.name))
    throw new TypeError(`${options.placeholder} is no placeholder for ${options.name}`)
  const stage = freshPath(destination.layout.tmp, 'admit')
  return withFileErrors(`store ${options.name}`, destination.layout.home, () => {
    let moved = false
    try {
      moved = stageFiles(source, stage, options.consume)
      if (moved) own(Buffer.from(stage))
      return publish(destination, stage, describeObject(stage, options))
    } catch (error) {
      if (moved && existsSync(stage)) renameSync(stage, source) // for whoever looks what went wrong
      throw withPath(error, stage, source)
    } finally {
      removeTree(stage) // nothing is there any more when it became the object
    }
  })
}

/** Files described and sealed as an object will be, at a place of their own: nobody else sees them yet. */
export interface Prepared {
  readonly object: StoreObject
  readonly files: string
  /** Makes the object; the files are gone from `files` then. */
  readonly publish: () => void
  readonly remove: () => void
}

/** The first half of `admit`, for an object that perhaps nobody will need. @throws CodedError as `admit` does */
export function prepare(destination: Destination, source: string, options: AdmitOptions): Prepared {
  const stage = freshPath(destination.layout.tmp, 'prepared')
  return withFileErrors(`prepare ${options.name}`, destination.layout.home, () => {
    try {
      if (stageFiles(source, stage, options.consume)) own(Buffer.from(stage))
      const described = describeObject(stage, options)
      seal(Buffer.from(stage), described.node)
      return {
        object: described.object,
        files: stage,
        publish: () => {
          withFileErrors(`store ${options.name}`, destination.layout.home, () =>
            publish(destination, stage, described),
          )
          removeTree(stage)
        },
        remove: () => removeTree(stage),
      }
    } catch (error) {
      removeTree(stage)
      throw withPath(error, stage, source)
    }
  })
}

/** A message about the source must not name the place that we moved it to. */
function withPath(error: unknown, stage: string, source: string): unknown {
  if (error instanceof Error) error.message = error.message.replaceAll(stage, source)
  return error
}

interface Described {
  readonly object: StoreObject
  readonly node: Node
}

/** Rewrites what is at `stage` to the final path of the object and describes it. */
function describeObject(stage: string, options: AdmitOptions): Described {
  const admitted = options.admitted ?? new Map<StorePath, StorePath>()
  const candidates = new Map(
    [...options.candidates, ...admitted.values()].map((path) => [hashPart(path), path]),
  )
  const replacements = new Map([...admitted].map(([from, to]) => [hashPart(from), hashPart(to)]))
  const ownHash = options.placeholder === undefined ? null : hashPart(options.placeholder)
  const places = new Set([...replacements.keys(), ...(ownHash === null ? [] : [ownHash])])
  const path = Buffer.from(stage)

  const { node: asLeft, found, uses } = examine(path, new Set([...candidates.keys(), ...places]), places)
  const modulo = replacements.size > 0 ? rewrite(path, asLeft, uses, replacements) : asLeft
  const selfReferences = ownHash !== null && found.has(ownHash)
  const final = objectPath(modulo, storeName(options.name), selfReferences)
  const node =
    ownHash !== null && selfReferences
      ? rewrite(path, modulo, uses, new Map([[ownHash, hashPart(final)]]))
      : modulo
  const named = [...found].flatMap((hash) => candidates.get(replacements.get(hash) ?? hash) ?? [])
  const references = [...new Set(named)].sort(byCodeUnit)
  return {
    node,
    object: {
      path: final,
      ...measure(node),
      references,
      selfReferences,
      placeholderHash: selfReferences ? ownHash : null,
    },
  }
}

/** What a tree would be as an object that `admit` made without a placeholder. `found`: the hashes that it mentions. */
export function describeTree(
  node: Node,
  options: Pick<AdmitOptions, 'name' | 'candidates'>,
  found: ReadonlySet<string>,
): StoreObject {
  return {
    path: objectPath(node, storeName(options.name), false),
    ...measure(node),
    references: options.candidates.filter((path) => found.has(hashPart(path))).toSorted(byCodeUnit),
    selfReferences: false,
    placeholderHash: null,
  }
}

const PATH_FORMAT = 1

/** The path is a function of content, name and kind: the same in every store, whoever made the object. */
function objectPath(modulo: Node, name: string, selfReferences: boolean): StorePath {
  const { kind, digest, executable } = measure(modulo)
  const text = canonicalJson({ kind, digest, executable, name, selfReferences })
  return storePath(shortHash(digestOf(`object:${PATH_FORMAT}:${text}`)), name)
}

function measure(
  node: Node,
): Pick<StoreObject, 'kind' | 'digest' | 'sizeBytes' | 'contentBytes' | 'executable'> {
  if (node.kind === 'link') throw new TypeError('a link is no object') // stageFiles has refused it
  const { kind, digest, sizeBytes } = node
  return {
    kind,
    digest,
    sizeBytes,
    contentBytes: contentSize(node),
    executable: kind === 'file' && node.executable,
  }
}

/** First the files, then the record: without a record there is no object, whenever we get killed. */
function publish({ layout, pins }: Destination, stage: string, { object, node }: Described): StoreObject {
  pins.hold([object.path, ...object.references])
  for (const reference of object.references) {
    if (readObject(layout, reference) === undefined)
      throw new CodedError('TN5020', `${object.path} refers to ${reference}, which is not in the store`, {
        hint: 'Something removed it during the build: build again.',
      })
  }
  const existing = readObject(layout, object.path)
  if (existing !== undefined) return existing
  seal(Buffer.from(stage), node)
  const target = physicalPath(layout, object.path)
  if (!place(stage, target, object)) replaceLeftover(layout, stage, target, object)
  if (object.kind === 'tree') {
    chmodSync(target, 0o555)
    utimesSync(target, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
  }
  writeObject(layout, object)
  return object
}

/** False when there is a directory already. */
function place(stage: string, target: string, object: StoreObject): boolean {
  if (object.kind === 'tree') chmodSync(stage, 0o755) // an ordinary user can't move a directory that he can't write to
  try {
    renameSync(stage, target)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // renameSync throws no other
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}

/** Another process is just publishing the same tree, or was killed before it could write the record, or the machine was. */
function replaceLeftover(layout: Layout, stage: string, target: string, object: StoreObject): void {
  const there = readNode(target)
  if (there.kind === 'tree' && there.digest === object.digest) return seal(Buffer.from(target), there)
  const aside = freshPath(layout.tmp, 'leftover')
  chmodSync(target, 0o755)
  renameSync(target, aside)
  renameSync(stage, target)
  removeTree(aside)
}
