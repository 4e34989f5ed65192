// chain.ts — chain(): named steps in order, each output the next one's input, and edits by step name. Immutable.
import { here } from '../step/site.ts'
import { refTo, type Loose, type Refs } from '../step/ref.ts'
import type {
  Edit,
  InsertedAfter,
  InsertedBefore,
  LastName,
  NamesOf,
  Removed,
  Replaced,
} from '../types/edit.ts'
import type { After, AnyStep, Duplicate, Misfit, Open, OutOf, Start, Steps, Vet } from '../types/walk.ts'
import { inserted, removed, replaced, stepNodes } from './edits.ts'
import { checkName } from './name.ts'
import type { ChainNode } from './node.ts'

// `Names` and `Last` are kept apart from `S`: looking them up in it would cost its length at each step.
type Next<Names, Last extends string, O, T extends AnyStep> = [Names] extends [never]
  ? T
  : T['name'] extends Names
    ? Duplicate<T['name']>
    : [O] extends [T['~in']]
      ? T
      : Misfit<Last, T['name'], O, T['~in']>
type AfterNext<Names, O, T extends AnyStep> = After<[Names] extends [never] ? T['~in'] : O, T>

/**
 * A package, and a step like any other: it may stand in a chain itself. `G` is its declared input, once `.given` has
 * declared it. Edits give a new chain whose neighbours are checked again.
 */
export interface Chain<
  N extends string,
  S extends Steps,
  O = OutOf<S>,
  G = Open,
  Names extends string = NamesOf<S>,
  Last extends string = LastName<S>,
> {
  readonly name: N
  readonly mode: 'map'
  readonly steps: S
  readonly '~in': G extends Open ? Start<S> : {}
  readonly '~out': O
  readonly '~node': ChainNode
  /** References into the document that its last step gives. */
  readonly output: Refs<O>
  /** The same chain under another name. */
  as<const K extends string>(name: K): Chain<K, S, O, G>
  /** The chain's input: what its first step gets. */
  given(input: Loose<Start<S>>): Chain<N, S, O, Start<S>>
  step<T extends AnyStep>(
    step: Next<Names, Last, O, T>,
  ): Chain<N, [...S, T], AfterNext<Names, O, T>, G, Names | T['name'], T['name']>
  insertBefore<const K extends NamesOf<S>, T extends AnyStep>(
    at: K,
    step: Edit<InsertedBefore<S, K, T>, T, S, G>,
  ): Chain<N, InsertedBefore<S, K, T>, OutOf<InsertedBefore<S, K, T>, G>, G>
  insertAfter<const K extends NamesOf<S>, T extends AnyStep>(
    at: K,
    step: Edit<InsertedAfter<S, K, T>, T, S, G>,
  ): Chain<N, InsertedAfter<S, K, T>, OutOf<InsertedAfter<S, K, T>, G>, G>
  replace<const K extends NamesOf<S>, T extends AnyStep>(
    at: K,
    step: Edit<Replaced<S, K, T>, T, S, G>,
  ): Chain<N, Replaced<S, K, T>, OutOf<Replaced<S, K, T>, G>, G>
  remove<const K extends NamesOf<S>>(
    at: Edit<Removed<S, K>, K, S, G>,
  ): Chain<N, Removed<S, K>, OutOf<Removed<S, K>, G>, G>
}

/**
 * A package from its steps, in order. `chain('x').step(a).step(b)` makes the same value as `chain('x', a, b)`.
 * @throws CodedError TN1302 for a name that no store path can hold, TN1306 for a duplicate step name.
 */
export function chain<const N extends string, const S extends Steps>(
  name: N,
  ...steps: S extends Vet<S> ? S : Vet<S>
): Chain<N, S>
export function chain(name: string, ...steps: readonly unknown[]): unknown {
  return chainValue(
    { kind: 'chain', name: checkName('a chain', name), steps: stepNodes(name, steps), site: here() },
    steps,
  )
}

/** Any chain value; its types are the caller's word. `steps` are the values that its nodes came from. */
export function chainValue(node: ChainNode, steps: readonly unknown[]): object {
  const edit = (values: readonly unknown[]): object =>
    chainValue({ ...node, steps: stepNodes(node.name, values) }, values)
  return Object.freeze({
    name: node.name,
    mode: 'map',
    steps: Object.freeze([...steps]),
    '~node': Object.freeze(node),
    get output() {
      return refTo(node)
    },
    as: (name: string) => chainValue({ ...node, name: checkName('a chain', name) }, steps),
    given: (value: unknown) => chainValue({ ...node, given: { value }, site: here() }, steps),
    step: (step: unknown) => edit([...steps, step]),
    insertBefore: (at: string, step: unknown) => edit(inserted(node, steps, at, 0, step)),
    insertAfter: (at: string, step: unknown) => edit(inserted(node, steps, at, 1, step)),
    replace: (at: string, step: unknown) => edit(replaced(node, steps, at, step)),
    remove: (at: string) => edit(removed(node, steps, at)),
  })
}
