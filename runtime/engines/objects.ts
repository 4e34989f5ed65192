// objects.ts — the objects that one build can use: those of the store, work trees that only pass from step to step, and those of which only the description is left.
import { join } from 'node:path'
import { byCodeUnit } from '../../dsl/plan/json.ts'
import type { LayeredWorkTree } from '../sandbox/step/spec.ts'
import { copyTree } from '../store/files/copy-tree.ts'
import { flatten } from '../store/layers/flatten.ts'
import type { Realisation } from '../store/realisation.ts'
import type { AdmitOptions, Prepared, Scratch, Store, StoreObject } from '../store/store.ts'
import type { StorePath } from '../store/store-path.ts'
import { baseTree, Checkout, type LayeredTree, squashed } from './trees/layered-tree.ts'

type Passing = Pick<Prepared, 'object' | 'publish' | 'remove'> & { readonly copy: (to: string) => void }

/** Holds work trees inside of units until nobody needs them, or until they are kept after all. */
export class BuildObjects {
  readonly #store: Store
  readonly #passing = new Map<StorePath, Passing>()
  /** Trees that steps stand on; their files stay until the build ends. */
  readonly #layered = new Map<StorePath, LayeredTree>()
  #layers: Scratch | undefined
  #count = 0
  /** Described by an earlier build that did not keep them, or when they were collected. */
  readonly #recalled = new Map<StorePath, StoreObject>()
  readonly #uses = new Map<StorePath, number>()

  constructor(store: Store) {
    this.#store = store
  }

  /** What is known of an object, whether its files are here or not. */
  object(path: StorePath): StoreObject | undefined {
    return this.#passing.get(path)?.object ?? this.#store.object(path) ?? this.#recalled.get(path)
  }

  isHere(path: StorePath): boolean {
    return this.#passing.has(path) || this.#store.object(path) !== undefined
  }

  /** True when every object of the realisation, and all that it refers to, is here, or is described at least. */
  recall(realisation: Realisation): boolean {
    for (const object of realisation.passing ?? []) this.#recalled.set(object.path, object)
    return realisation.artifacts.every(({ object }) => this.#isKnown(object))
  }

  /** The objects and all that they refer to, by path, whether their files are here or not. @throws CodedError TN5020 */
  closure(paths: readonly StorePath[]): readonly StoreObject[] {
    const reached = new Map<StorePath, StoreObject>()
    const open = [...paths]
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      const recalled = this.isHere(path) ? undefined : this.#recalled.get(path)
      if (recalled !== undefined) open.push(...recalled.references)
      for (const object of recalled === undefined ? this.#store.closure([path]) : [recalled])
        reached.set(object.path, object)
    }
    return [...reached.values()].toSorted((a, b) => byCodeUnit(a.path, b.path))
  }

  #isKnown(path: StorePath): boolean {
    if (this.isHere(path)) return true
    return this.#recalled.get(path)?.references.every((reference) => this.#isKnown(reference)) === true
  }

  /** Takes a described object over; it is dropped when the last use of it ends. */
  pass(prepared: Prepared): void {
    const { path } = prepared.object
    const copy = (to: string): void => copyTree(prepared.files, to)
    if (this.isHere(path)) prepared.remove()
    else this.#passing.set(path, { ...prepared, copy })
  }

  /** The object as a work tree that costs no copy, but for the first step that asks for it. */
  checkOut(path: string, object: StorePath): LayeredWorkTree {
    const tree = squashed(this.#layered.get(object) ?? this.#baseOf(object), this.#place('base'))
    this.#layered.set(object, tree)
    return new Checkout(path, tree, this.#place('layer'))
  }

  /** What a step left of a checked out tree, described and taken over as `pass` does. */
  passLayered(checkout: Checkout, options: Pick<AdmitOptions, 'name' | 'candidates'>): StoreObject {
    const { object, tree } = checkout.close(options)
    if (!this.#layered.has(object.path)) this.#layered.set(object.path, tree)
    if (this.isHere(object.path)) return object
    const copy = (to: string): void => flatten(tree.layers, to)
    const publish = (): void => {
      const files = this.#place('flat')
      copy(files)
      this.#store.admit(files, { name: options.name, candidates: object.references, consume: true })
    }
    this.#passing.set(object.path, { object, copy, publish, remove: () => undefined })
    return object
  }

  #baseOf(object: StorePath): LayeredTree {
    const directory = this.#place('base')
    this.materialise(object, directory)
    return baseTree(directory)
  }

  #place(label: string): string {
    this.#layers ??= this.#store.scratch('layers')
    return join(this.#layers.directory, `${label}-${++this.#count}`)
  }

  materialise(path: StorePath, destination: string): void {
    const passing = this.#passing.get(path)
    if (passing === undefined) this.#store.materialise(path, destination)
    else passing.copy(destination)
  }

  /** One more step whose dependents may need the object. */
  use(path: StorePath): void {
    this.#uses.set(path, (this.#uses.get(path) ?? 0) + 1)
  }

  release(path: StorePath): void {
    const left = (this.#uses.get(path) ?? 1) - 1
    this.#uses.set(path, left)
    if (left > 0) return
    this.#passing.get(path)?.remove()
    this.#passing.delete(path)
  }

  /** Makes a passing object one of the store. */
  keep(path: StorePath): void {
    this.#passing.get(path)?.publish()
    this.#passing.delete(path)
  }

  dropAll(): void {
    for (const prepared of this.#passing.values()) prepared.remove()
    this.#passing.clear()
    this.#dropLayers()
  }

  /** After a failure: what the steps before it made need not be made again. */
  keepAll(): void {
    for (const path of this.#passing.keys()) this.keep(path)
    this.#dropLayers()
  }

  #dropLayers(): void {
    this.#layered.clear()
    this.#layers?.remove()
    this.#layers = undefined
  }
}
