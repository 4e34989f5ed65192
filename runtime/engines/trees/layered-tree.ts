// layered-tree.ts — a work tree that passes from step to step in layers: given to a step without a copy, described by what it changed.
import { join } from 'node:path'
import type { LayeredWorkTree } from '../../sandbox/step/spec.ts'
import { copyTree } from '../../store/files/copy-tree.ts'
import { describeTree } from '../../store/admit.ts'
import { flatten } from '../../store/layers/flatten.ts'
import { closeLayer, type FreshLayer, makeFreshLayer } from '../../store/layers/fresh-layer.ts'
import { findIn, type Layer, mergedAt, plainLayer, writtenLayer } from '../../store/layers/layer.ts'
import { mentionsAfter, mentioned, type Mentions, NOTHING_SEARCHED } from '../../store/layers/mentions.ts'
import { mergedNode } from '../../store/layers/merge-digest.ts'
import type { AdmitOptions, StoreObject } from '../../store/store.ts'
import { hashPart } from '../../store/store-path.ts'
import { readNode, type TreeNode } from '../../store/tree-digest.ts'

export interface LayeredTree {
  /** Top first. */
  readonly layers: readonly Layer[]
  readonly node: TreeNode
  readonly mentions: Mentions
}

/** More make every look-up slower, and the kernel has a limit. */
const MAX_LAYERS = 64

/** `directory` is private and writable, as copyTree makes it, and from now on nobody changes it. */
export function baseTree(directory: string): LayeredTree {
  const node = readNode(directory)
  if (node.kind !== 'tree') throw new TypeError(`not a directory: ${directory}`)
  return { layers: [plainLayer(directory)], node, mentions: NOTHING_SEARCHED }
}

/** The same tree in few layers. */
export function squashed(tree: LayeredTree, directory: string): LayeredTree {
  if (tree.layers.length < MAX_LAYERS) return tree
  flatten(tree.layers, directory)
  return { ...tree, layers: [plainLayer(directory)] }
}

/** A layered tree in the hands of a step. */
export class Checkout implements LayeredWorkTree {
  readonly path: string
  readonly lowers: readonly string[]
  readonly upper: string
  readonly work: string
  readonly opaque: string
  readonly #tree: LayeredTree
  readonly #place: string
  readonly #fresh: FreshLayer
  #taken = 0

  /** `place` must not be there; the layer stays in it. */
  constructor(path: string, tree: LayeredTree, place: string) {
    this.path = path
    this.#tree = tree
    this.#place = place
    this.lowers = tree.layers.map(({ directory }) => directory)
    this.#fresh = makeFreshLayer(place)
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
    const copy = join(this.#place, `taken-${++this.#taken}`)
    const [directory, file] = [mergedAt(this.#layers(), names), this.find(names)]
    if (directory !== undefined) flatten(this.#layers(), copy, directory)
    else if (file !== undefined) copyTree(file, copy)
    return copy
  }

  /** A private copy of all of it. */
  flatten(): string {
    const copy = join(this.#place, `taken-${++this.#taken}`)
    flatten(this.#layers(), copy)
    return copy
  }

  /** What the step left, as an object. @throws CodedError TN5010, TN5011 */
  close(options: Pick<AdmitOptions, 'name' | 'candidates'>): { object: StoreObject; tree: LayeredTree } {
    const upper = closeLayer(this.#fresh)
    const layers = [upper, ...this.#tree.layers]
    const node = mergedNode(this.#tree.node, upper)
    const mentions = mentionsAfter(this.#tree.mentions, layers, new Set(options.candidates.map(hashPart)))
    return { object: describeTree(node, options, mentioned(mentions)), tree: { layers, node, mentions } }
  }

  #layers(): readonly Layer[] {
    return [writtenLayer(this.upper, this.opaque), ...this.#tree.layers]
  }
}
