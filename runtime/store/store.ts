// store.ts — the store of one home: objects, realisations, logs, scratch. Each process may open it at any time.
import { mkdirSync, statSync, utimesSync } from 'node:fs'
import { resolve } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Digest } from '../../dsl/plan/digest.ts'
import { byCodeUnit } from '../../dsl/plan/json.ts'
import { admit, type AdmitOptions, type Destination, prepare, type Prepared } from './admit.ts'
import { admitOutputs, type Output } from './admit-outputs.ts'
import { copyTree } from './files/copy-tree.ts'
import { withFileErrors } from './files/file-error.ts'
import {
  collectorLock,
  type Layout,
  layerFolder,
  layoutOf,
  objectRecordFile,
  physicalPath,
  resultFile,
} from './layout.ts'
import { flatten } from './layers/flatten.ts'
import { keepLayer, layerFile, objectAt, readLayer, storedTree } from './layers/keep.ts'
import { type LayeredTree, layersOf } from './layers/layered-tree.ts'
import { readObject, type StoreObject } from './object.ts'
import { readAction, type Realisation, readRealisation, writeRealisation } from './realisation.ts'
import { addRoots } from './roots.ts'
import { Claims } from './running/claims.ts'
import type { LockOptions } from './running/lock.ts'
import { Pins } from './running/pins.ts'
import { freshPath, makeScratch, type Scratch, sweep } from './running/scratch.ts'
import { isStorePath, namePart, type StorePath } from './store-path.ts'

export type { AdmitOptions, LockOptions, Output, Prepared, Realisation, Scratch, StoreObject, StorePath }

/** What a store has handed out or taken in stays, whatever is collected, until `release` or the end of the process. */
export class Store {
  readonly home: string
  readonly #layout: Layout
  readonly #pins: Pins
  readonly #claims: Claims
  readonly #destination: Destination
  /** Objects whose references are there, and theirs; held, so that they stay. */
  readonly #known = new Map<StorePath, StoreObject>()
  /** Trees in layers for which the same is true, and that stand on such; held. */
  readonly #stacked = new Map<StorePath, StoreObject>()
  /** Objects that have a folder of their own. */
  readonly #folders = new Set<StorePath>()

  private constructor(layout: Layout) {
    this.home = layout.home
    this.#layout = layout
    this.#pins = new Pins(layout.tmp, collectorLock(layout))
    this.#claims = new Claims(layout.tmp)
    this.#destination = { layout, pins: this.#pins }
  }

  /** Makes the folders that are missing and removes what dead processes left. @throws CodedError TN5001 */
  static open(home: string): Store {
    const layout = layoutOf(resolve(home))
    withFileErrors(`open the store at ${layout.home}`, layout.home, () => {
      for (const folder of Object.values(layout)) mkdirSync(folder, { recursive: true })
      sweep(layout.tmp)
    })
    return new Store(layout)
  }

  /** Where the object's files are on this machine; of a tree in layers a folder is made first. @throws CodedError TN5001, TN5021, TN5022 */
  physical(path: StorePath): string {
    const folder = physicalPath(this.#layout, path)
    if (!this.#folders.has(path) && this.placeOf(path).isLayered) this.#makeFolder(path)
    this.#folders.add(path)
    return folder
  }

  /** What is there as long as the object is. A tree in layers has no folder of its own. @throws CodedError TN5021 */
  placeOf(path: StorePath): { readonly path: string; readonly isLayered: boolean } {
    const isLayered =
      readObject(this.#layout, path) === undefined && readLayer(this.#layout, path) !== undefined
    return { path: isLayered ? layerFolder(this.#layout, path) : physicalPath(this.#layout, path), isLayered }
  }

  /** Undefined also when something is not there any more that it refers to. */
  object(path: StorePath): StoreObject | undefined {
    if (!isStorePath(path)) return undefined
    this.#hold([path])
    return this.#complete(path)
  }

  /** Makes an object of files. @throws CodedError as admit.ts says; then the store is as it was. */
  admit(source: string, options: AdmitOptions): StoreObject {
    return this.#stored(admit(this.#destination, source, options))
  }

  /** Describes and seals an object without making it one yet. @throws CodedError as admit.ts says */
  prepare(source: string, options: AdmitOptions): Prepared {
    return prepare(this.#destination, source, options)
  }

  /** Makes objects of the outputs of one step, which may name each other's placeholders. @throws CodedError as admit-outputs.ts says */
  admitOutputs(outputs: readonly Output[], candidates: readonly StorePath[]): StoreObject[] {
    return admitOutputs(this.#destination, outputs, candidates).map((object) => this.#stored(object))
  }

  /** It is not read again. */
  #stored(object: StoreObject): StoreObject {
    if (this.#hasAll(object.references)) this.#known.set(object.path, object)
    this.#folders.add(object.path)
    return object
  }

  /** A tree for steps to stand on, when the store has it in layers. */
  layeredTree(path: StorePath): LayeredTree | undefined {
    this.#hold([path])
    if (this.#completeTree(path) === undefined) return undefined
    return withFileErrors(`read ${path}`, this.home, () => storedTree(this.#layout, path))
  }

  /** Bytes that a tree adds to those it stands on; undefined: the store does not have it in layers. */
  ownBytes(path: StorePath): number | undefined {
    return readLayer(this.#layout, path)?.ownBytes
  }

  /** Makes an object of a tree, and of those that it stands on. @throws CodedError TN5001, TN5020 */
  keepTree(tree: LayeredTree): void {
    const { path, references } = tree.object
    this.#hold([path, ...references])
    if (this.#completeTree(path) !== undefined) return
    if (tree.folder === layerFolder(this.#layout, path)) throw this.#gone(path) // it was there; what it stands on is not
    if (tree.below !== null) this.keepTree(tree.below)
    for (const reference of references) this.#existing(reference)
    const isThere = (): boolean => this.#completeTree(path) !== undefined
    withFileErrors(`store ${path}`, this.home, () => keepLayer(this.#layout, tree, isThere))
    this.#stacked.set(path, tree.object)
  }

  /** The objects and all that they refer to, by path. @throws CodedError TN5020 */
  closure(paths: readonly StorePath[]): StoreObject[] {
    const reached = new Map<StorePath, StoreObject>()
    this.#hold(paths.filter(isStorePath))
    for (const open = [...paths]; ;) {
      const path = open.pop()
      if (path === undefined) break
      if (reached.has(path)) continue
      const object = this.#existing(path)
      reached.set(path, object)
      open.push(...object.references)
    }
    return [...reached.values()].sort((a, b) => byCodeUnit(a.path, b.path))
  }

  /** A private, writable copy at a path where nothing is yet. @throws CodedError TN5001, TN5020 */
  materialise(path: StorePath, destination: string): void {
    this.#hold([path])
    this.#existing(path)
    const tree = readObject(this.#layout, path) === undefined ? this.layeredTree(path) : undefined
    withFileErrors(`copy ${path}`, this.home, () =>
      tree === undefined
        ? copyTree(physicalPath(this.#layout, path), destination)
        : flatten(layersOf(tree), destination),
    )
  }

  #makeFolder(path: StorePath): void {
    const { references } = this.#existing(path)
    const folder = freshPath(this.#layout.tmp, 'folder')
    this.materialise(path, folder)
    const made = this.admit(folder, { name: namePart(path), candidates: references, consume: true })
    if (made.path === path) return
    throw new CodedError('TN5022', `what is recorded of ${path} is damaged: its files are other ones`, {
      hint: 'Run tenon store verify --repair, then build again.',
    })
  }

  /** Undefined also when an object that it names is not there any more. */
  realisation(key: Digest): Realisation | undefined {
    const found = this.recollection(key)
    return found?.artifacts.every(({ object }) => this.object(object) !== undefined) === true
      ? found
      : undefined
  }

  /** What an action gave, whether its objects are still here or were never kept. */
  recollection(key: Digest): Realisation | undefined {
    this.#hold([key])
    const found = readRealisation(this.#layout, key)
    if (found !== undefined) markUsed(resultFile(this.#layout, key))
    return found
  }

  /** `action`: what the key was made of, in one line. */
  record(realisation: Realisation, action?: string): void {
    this.#hold([realisation.key])
    withFileErrors('record a result', this.home, () => writeRealisation(this.#layout, realisation, action))
  }

  /** A directory on the store's file system, removed when this process has ended at the latest. */
  scratch(label: string): Scratch {
    return withFileErrors('make a scratch directory', this.home, () => makeScratch(this.#layout.tmp, label))
  }

  /** Of the last run of an action. */
  logFile(key: Digest): string {
    this.#hold([key])
    return `${this.#layout.logs}/${key}.log`
  }

  /** What a result's key was made of, as far as it was recorded. */
  action(key: Digest): string | undefined {
    return readAction(this.#layout, key)
  }

  /** Links to results, which keep them from being collected. @throws CodedError TN5001, TN5020, TN5030 */
  addRoot(link: string, paths: readonly StorePath[]): void {
    this.#hold(paths)
    for (const path of paths) this.#existing(path)
    for (const path of paths) this.physical(path)
    addRoots(this.#layout, link, paths)
  }

  /** Waits while another build, of this or another process, has the key. @returns what lets go of it */
  async lockKey(key: Digest, options: LockOptions = {}): Promise<() => void> {
    try {
      return await this.#claims.claim(key, options)
    } catch (error) {
      return withFileErrors('note what is being made', this.home, () => {
        throw error
      })
    }
  }

  /** Lets a collector have what this store has handed out. */
  release(): void {
    this.#pins.release()
    this.#claims.release()
    this.#known.clear()
    this.#stacked.clear()
    this.#folders.clear()
  }

  #hold(names: readonly string[]): void {
    const fresh = withFileErrors('note what is in use', this.home, () => this.#pins.hold(names))
    for (const path of fresh.filter(isStorePath)) {
      markUsed(objectRecordFile(this.#layout, path))
      markUsed(layerFile(layerFolder(this.#layout, path)))
    }
  }

  #complete(path: StorePath): StoreObject | undefined {
    const known = this.#known.get(path) ?? this.#stacked.get(path)
    if (known !== undefined) return known
    const object = readObject(this.#layout, path)
    if (object === undefined) return this.#completeTree(path)
    if (!this.#hasAll(object.references)) return undefined
    this.#known.set(path, object)
    return object
  }

  /** A tree in layers all of which are there. */
  #completeTree(path: StorePath): StoreObject | undefined {
    const known = this.#stacked.get(path)
    if (known !== undefined) return known
    const layer = readLayer(this.#layout, path)
    if (layer === undefined) return undefined
    const { below, object } = layer
    if (below !== null && this.#completeTree(below) === undefined) return undefined
    if (!this.#hasAll(object.references)) return undefined
    this.#stacked.set(path, object)
    return object
  }

  #hasAll(paths: readonly StorePath[]): boolean {
    return paths.every((path) => this.#complete(path) !== undefined)
  }

  #existing(path: StorePath): StoreObject {
    const object = this.#known.get(path) ?? (isStorePath(path) ? objectAt(this.#layout, path) : undefined)
    if (object !== undefined) return object
    throw this.#gone(path)
  }

  #gone(path: StorePath): CodedError {
    return new CodedError('TN5020', `${path} is not in the store at ${this.home}`, {
      hint: 'It was removed: build the package again that makes it.',
    })
  }
}

const USE_IS_NOTED_EVERY_MS = 3600_000

/** The time of a record says when it was last used: to the hour, because each write of it costs. */
function markUsed(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false })
  const nowMs = Date.now()
  if (stat === undefined || nowMs - stat.mtimeMs < USE_IS_NOTED_EVERY_MS) return
  try {
    utimesSync(file, nowMs / 1000, nowMs / 1000)
  } catch {
    // Removed meanwhile, or another user's.
  }
}
