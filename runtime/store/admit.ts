// admit.ts — makes a store object of files that a step left: path by content, references, atomic publication.
import { chmodSync, renameSync, utimesSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { byCodeUnit } from '../../dsl/plan/json.ts'
import { storeName } from '../../dsl/plan/placeholder.ts'
import { measure, objectPath, type ObjectOptions } from './describe-object.ts'
import { FILE_TIME_SECONDS, SEALED } from './files/copy-tree.ts'
import { withFileErrors } from './files/file-error.ts'
import { removeTree } from './files/remove-tree.ts'
import { examine, rewrite } from './examine.ts'
import { type Layout, physicalPath } from './layout.ts'
import { objectAt } from './layers/keep.ts'
import { readObject, type StoreObject, writeObject } from './object.ts'
import type { Pins } from './running/pins.ts'
import { freshPath } from './running/scratch.ts'
import { move, moving, seal, takeFiles } from './stage.ts'
import { hashPart, namePart, type StorePath } from './store-path.ts'
import { type Node, readNode } from './tree-digest.ts'

export interface AdmitOptions extends ObjectOptions {
  /** The path that the step used for this output while it ran. */
  readonly placeholder?: StorePath
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
 * When it fails, the store is as it was; a source that may be consumed is still there, perhaps altered.
 * @throws CodedError TN5001 (file system), TN5010 (special file), TN5011 (setuid), TN5012 (no file or directory),
 *   TN5020 (a reference to what is not in the store).
 */
export function admit(destination: Destination, source: string, options: AdmitOptions): StoreObject {
  if (options.placeholder !== undefined && namePart(options.placeholder) !== storeName(options.name))
    throw new TypeError(`${options.placeholder} is no placeholder for ${options.name}`)
  return withFileErrors(`store ${options.name}`, destination.layout.home, () =>
    withStages(destination.layout, source, (stage) => {
      const files = takeFiles(source, stage, options.consume)
      return publish(destination, files, describeObject(files, options), stage)
    }),
  )
}

/** `stage` gives places where nothing is yet; what is left there goes in the end. */
function withStages<T>(layout: Layout, source: string, act: (stage: () => string) => T): T {
  const stages: string[] = []
  try {
    return act(() => {
      const stage = freshPath(layout.tmp, 'admit')
      stages.push(stage)
      return stage
    })
  } catch (error) {
    throw stages.reduce((each, stage) => withPath(each, stage, source), error)
  } finally {
    stages.forEach(removeTree)
  }
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
  const { layout } = destination
  const place = freshPath(layout.tmp, 'prepared')
  const described = withFileErrors(`prepare ${options.name}`, layout.home, () =>
    withStages(layout, source, (stage) => {
      const files = takeFiles(source, stage, options.consume)
      const found = describeObject(files, options)
      seal(Buffer.from(files), found.node)
      moving(files, stage, (sealed) => move(sealed, place, found.node.kind))
      return found
    }),
  )
  const remove = (): void => removeTree(place)
  const publishIt = (): void => {
    withFileErrors(`store ${options.name}`, layout.home, () =>
      withStages(layout, source, (stage) => publish(destination, place, described, stage)),
    )
    remove()
  }
  return { object: described.object, files: place, publish: publishIt, remove }
}

/** A message about the source must not name the place of a copy. */
function withPath(error: unknown, stage: string, source: string): unknown {
  if (error instanceof Error) error.message = error.message.replaceAll(stage, source)
  return error
}

interface Described {
  readonly object: StoreObject
  readonly node: Node
}

/** Rewrites `files` to the final path of the object and describes them. */
function describeObject(files: string, options: AdmitOptions): Described {
  const admitted = options.admitted ?? new Map<StorePath, StorePath>()
  const candidates = new Map(
    [...options.candidates, ...admitted.values()].map((path) => [hashPart(path), path]),
  )
  const replacements = new Map([...admitted].map(([from, to]) => [hashPart(from), hashPart(to)]))
  const ownHash = options.placeholder === undefined ? null : hashPart(options.placeholder)
  const places = new Set([...replacements.keys(), ...(ownHash === null ? [] : [ownHash])])
  const path = Buffer.from(files)

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

/** First the files, then the record: without a record there is no object, whenever we get killed. */
function publish(
  { layout, pins }: Destination,
  files: string,
  { object, node }: Described,
  stage: () => string,
): StoreObject {
  pins.hold([object.path, ...object.references])
  for (const reference of object.references) {
    if (objectAt(layout, reference) === undefined)
      throw new CodedError('TN5020', `${object.path} refers to ${reference}, which is not in the store`, {
        hint: 'Something removed it during the build: build again.',
      })
  }
  const existing = readObject(layout, object.path)
  if (existing !== undefined) return existing
  seal(Buffer.from(files), node)
  const target = physicalPath(layout, object.path)
  moving(files, stage, (sealed) => {
    if (!place(sealed, target, object)) replaceLeftover(layout, sealed, target, object)
  })
  if (object.kind === 'tree') {
    chmodSync(target, SEALED.directory)
    utimesSync(target, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
  }
  writeObject(layout, object)
  return object
}

/** False when there is a directory already. */
function place(files: string, target: string, { kind }: StoreObject): boolean {
  try {
    move(files, target, kind)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // renameSync throws no other
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}

/** Another process is just publishing the same tree, or was killed before it could write the record, or the machine was. */
function replaceLeftover(layout: Layout, files: string, target: string, object: StoreObject): void {
  const there = readNode(target)
  if (there.kind === 'tree' && there.digest === object.digest) return seal(Buffer.from(target), there)
  const aside = freshPath(layout.tmp, 'leftover')
  chmodSync(target, 0o755)
  renameSync(target, aside)
  renameSync(files, target)
  removeTree(aside)
}
