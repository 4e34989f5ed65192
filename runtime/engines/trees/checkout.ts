// checkout.ts — a tree in layers in the hands of a step: given without a copy, described by what the step changed.
import type { LayeredWorkTree } from '../../sandbox/step/spec.ts'
import type { ObjectOptions } from '../../store/describe-object.ts'
import { copyTree } from '../../store/files/copy-tree.ts'
import { flatten } from '../../store/layers/flatten.ts'
import { closeLayer, type FreshLayer, makeFreshLayer } from '../../store/layers/fresh-layer.ts'
import { findIn, type Layer, mergedAt, writtenLayer } from '../../store/layers/layer.ts'
import { type LayeredTree, layersOf, squashed, treeOver, wholeTree } from '../../store/layers/layered-tree.ts'

export class Checkout implements LayeredWorkTree {
  readonly path: string
  readonly lowers: readonly string[]
  readonly upper: string
  readonly work: string
  readonly opaque: string
  readonly #tree: LayeredTree
  readonly #place: () => string
  readonly #fresh: FreshLayer
  #closed: LayeredTree | undefined

  /** `place` gives paths where nothing is yet; the layer stays in one of them. */
  constructor(path: string, tree: LayeredTree, place: () => string) {
    this.path = path
    this.#tree = tree
    this.#place = place
    this.lowers = layersOf(tree).map(({ directory }) => directory)
    this.#fresh = makeFreshLayer(place())
    this.upper = this.#fresh.upper
    this.work = this.#fresh.work
    this.opaque = this.#fresh.opaque
  }

  find(names: readonly string[]): string | undefined {
    return findIn(this.#layers(), names)
  }

  /** The root is `upper`: who wants all of it closes or flattens the checkout. What is nowhere is at a path where nothing is. */
  take(names: readonly string[]): string {
    if (names.length === 0) return this.upper
    const copy = this.#place()
    const [directory, file] = [mergedAt(this.#layers(), names), this.find(names)]
    if (directory !== undefined) flatten(this.#layers(), copy, directory)
    else if (file !== undefined) copyTree(file, copy)
    return copy
  }

  /** A private copy of all of it. */
  flatten(to = this.#place()): string {
    flatten(this.#layers(), to)
    return to
  }

  /** What the step left. @throws CodedError TN5010, TN5011 */
  close(options: ObjectOptions): LayeredTree {
    // Two fields name one tree: the second gets files of its own.
    if (this.#closed !== undefined)
      return wholeTree(this.flatten(), this.#place(), { ...options, consume: true })
    const tree = treeOver(this.#tree, this.#fresh.folder, closeLayer(this.#fresh), options)
    return (this.#closed = squashed(tree, this.#place))
  }

  #layers(): readonly Layer[] {
    if (this.#closed !== undefined) return layersOf(this.#closed)
    return [writtenLayer(this.upper, this.opaque), ...layersOf(this.#tree)]
  }
}
