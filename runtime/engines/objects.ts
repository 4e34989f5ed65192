// objects.ts — the objects that one build can use: those of the store, work trees that only pass from step to step, and those of which only the description is left.
import { join } from 'node:path'
import { byCodeUnit } from '../../dsl/plan/json.ts'
import type { ObjectOptions } from '../store/describe-object.ts'
import { flatten } from '../store/layers/flatten.ts'
import { type LayeredTree, layersOf, wholeTree } from '../store/layers/layered-tree.ts'
import { withFileErrors } from '../store/files/file-error.ts'
import { removeTree } from '../store/files/remove-tree.ts'
import type { Realisation } from '../store/realisation.ts'
import type { Scratch, Store, StoreObject } from '../store/store.ts'
import { namePart, type StorePath } from '../store/store-path.ts'
import { Checkout } from './trees/checkout.ts'

/** Holds work trees inside of units until nobody needs them, or until they are kept after all. */
export class BuildObjects {
  readonly #store: Store
  /** Trees that this build made or took out of the store, for steps to stand on. */
  readonly #trees = new Map<StorePath, LayeredTree>()
  /** Their files stay until the build ends. */
  readonly #stoodOn = new WeakSet<LayeredTree>()
  /** Those that the store does not have. */
  readonly #passing = new Set<StorePath>()
  #scratch: Scratch | undefined
  #count = 0
  /** Described by an earlier build that did not keep them, or when they were collected. */
  readonly #recalled = new Map<StorePath, StoreObject>()
  readonly #uses = new Map<StorePath, number>()

  constructor(store: Store) {
    this.#store = store
  }

  /** What is known of an object, whether its files are here or not. */
  object(path: StorePath): StoreObject | undefined {
    const passing = this.#passing.has(path) ? this.#trees.get(path)?.object : undefined
    return passing ?? this.#store.object(path) ?? this.#recalled.get(path)
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

  /** The object as a work tree that costs no copy, unless the store has it as a folder only. */
  checkOut(path: string, object: StorePath): Checkout {
    const tree = this.#trees.get(object) ?? this.#store.layeredTree(object) ?? this.#copyOf(object)
    this.#trees.set(object, tree)
    return new Checkout(path, tree, this.#place)
  }

  #copyOf(path: StorePath): LayeredTree {
    const copy = this.#place()
    this.#store.materialise(path, copy)
    const candidates = this.#store.object(path)?.references ?? []
    return wholeTree(copy, this.#place(), { name: namePart(path), candidates, consume: true })
  }

  /** A work tree of files that a step left. @throws CodedError as wholeTree does */
  passFiles(source: string, options: ObjectOptions & { readonly consume: boolean }): StoreObject {
    const tree = this.#storing(options, () => wholeTree(source, this.#place(), options))
    if (this.isHere(tree.object.path)) removeTree(tree.folder)
    return this.#pass(tree)
  }

  /** What a step left of a tree that was checked out. @throws CodedError as Checkout.close does */
  passCheckout(checkout: Checkout, options: ObjectOptions): StoreObject {
    return this.#pass(this.#storing(options, () => checkout.close(options)))
  }

  #storing<T>({ name }: ObjectOptions, act: () => T): T {
    return withFileErrors(`store ${name}`, this.#store.home, act)
  }

  /** Takes a tree over; it is dropped when the last use of it ends. */
  #pass(tree: LayeredTree): StoreObject {
    const { path } = tree.object
    if (this.isHere(path)) return tree.object
    this.#trees.set(path, tree)
    this.#passing.add(path)
    if (tree.below !== null) this.#stoodOn.add(tree.below)
    return tree.object
  }

  /** On the store's file system; what is there ends with the build unless it is kept. */
  readonly #place = (): string => {
    this.#scratch ??= this.#store.scratch('trees')
    return join(this.#scratch.directory, String(++this.#count))
  }

  materialise(path: StorePath, destination: string): void {
    const passing = this.#passing.has(path) ? this.#trees.get(path) : undefined
    if (passing === undefined) this.#store.materialise(path, destination)
    else flatten(layersOf(passing), destination)
  }

  /** One more step whose dependents may need the object. */
  use(path: StorePath): void {
    this.#uses.set(path, (this.#uses.get(path) ?? 0) + 1)
  }

  release(path: StorePath): void {
    const left = (this.#uses.get(path) ?? 1) - 1
    this.#uses.set(path, left)
    if (left > 0) return
    const tree = this.#trees.get(path)
    this.#trees.delete(path)
    if (this.#passing.delete(path) && tree !== undefined && !this.#stoodOn.has(tree)) removeTree(tree.folder)
  }

  /** Makes a passing tree one of the store, and those that it stands on. */
  keep(path: StorePath): void {
    const tree = this.#passing.has(path) ? this.#trees.get(path) : undefined
    if (tree !== undefined) this.#store.keepTree(tree)
    this.#passing.delete(path)
  }

  dropAll(): void {
    this.#passing.clear()
    this.#trees.clear()
    this.#scratch?.remove()
    this.#scratch = undefined
  }

  /** After a failure: what the steps before it made need not be made again. */
  keepAll(): void {
    for (const path of this.#passing) this.keep(path)
    this.dropAll()
  }
}
