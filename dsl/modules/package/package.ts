// package.ts — definePackage: a package from modules. It lowers as the chain of the same steps does, and can be extended any number of times.
import type { ChainNode } from '../../chain/node.ts'
import { stepNodes } from '../../chain/edits.ts'
import { checkName } from '../../chain/name.ts'
import { namedSteps } from '../../chain/record.ts'
import type { PropertyPath } from '../../plan/plan.ts'
import { lazyRef } from '../../step/ref.ts'
import { here } from '../../step/site.ts'
import type { InputOf, OutputOf, OutputRefs } from '../../types/modules.ts'
import type { Deps } from '../declare/dep.ts'
import { checkedModule, type AnyModule, type Reach } from '../declare/module.ts'
import type { ModuleNode } from '../declare/node.ts'
import type { ConfigOf, Options } from '../declare/option.ts'
import type { GivenSteps } from '../declare/vet-steps.ts'
import type { Layer, Layered } from '../declare/layer.ts'
import type { Settled, SuggestedConfig } from '../declare/vet.ts'
import { evaluation } from '../evaluate/evaluation.ts'
import type { Evaluation } from '../evaluate/contract.ts'
import { requireAssertions, warningsOf } from './checks.ts'
import { mergedSteps } from './steps.ts'

/** A package made of modules: a step like any chain. `O`: its options; `V`: whose step stands under each name. */
export interface Package<N extends string, O, V> {
  readonly name: N
  readonly mode: 'map'
  readonly '~in': InputOf<V>
  readonly '~out': OutputOf<V>
  readonly '~node': ChainNode
  readonly '~module': ModuleNode
  readonly '~options': O
  readonly '~steps': V
  /** References into the document that its last step gives. */
  readonly output: OutputRefs<V>
  /** What its options come to. Reading one evaluates that one. */
  readonly config: ConfigOf<O>
  /** The same package under another name. */
  as<const K extends string>(name: K): Package<K, O, V>
  /**
   * The package with one more module on top; this one stays as it is. A function gets this package: `(before) => ({ … })`.
   * The new module may read and set all options, replace steps, and remove them with `null`.
   */
  extend<
    const O2 extends Options = {},
    const D2 extends Deps = {},
    const I2 extends readonly AnyModule[] = [],
    const G extends SuggestedConfig<Reach<O, I2, O2, D2>> = {},
    const R extends Settled = undefined,
    const St extends GivenSteps | undefined = undefined,
  >(
    definition:
      Layer<O, V, O2, D2, I2, G, R, St> | ((before: Package<N, O, V>) => Layer<O, V, O2, D2, I2, G, R, St>),
  ): Package<N, Reach<O, I2, O2, D2>, Layered<V, O2, D2, I2, St>>
}

/**
 * A package from a module, or from the definition of one. Nothing of it is evaluated until it is planned or read.
 * @throws CodedError TN1302 for a name that no store path can hold, TN1500 for a malformed definition.
 */
export function definePackage<
  const N extends string,
  const O extends Options = {},
  const D extends Deps = {},
  const I extends readonly AnyModule[] = [],
  const G extends SuggestedConfig<Reach<{}, I, O, D>> = {},
  const R extends Settled = undefined,
  const St extends GivenSteps | undefined = undefined,
>(
  name: N,
  definition: Layer<{}, {}, O, D, I, G, R, St>,
): Package<N, Reach<{}, I, O, D>, Layered<{}, O, D, I, St>>
export function definePackage(name: string, definition: unknown): unknown {
  return packageValue(checkName('a package', name), checkedModule(definition, [1]))
}

/** Its types are the caller's word. Everything that evaluates is behind a getter. */
function packageValue(name: string, root: ModuleNode): object {
  const site = here()
  let evaluated: Evaluation | undefined
  let node: ChainNode | undefined
  const evaluate = (): Evaluation => (evaluated ??= evaluation(root, { name }))
  const assembled = (): ChainNode => (node ??= assemble(name, evaluate(), site))
  const value: object = Object.freeze({
    name,
    mode: 'map',
    '~module': root,
    '~evaluate': evaluate,
    get '~node'() {
      return assembled()
    },
    get output() {
      return lazyRef(name, () => ({ node: assembled(), path: [] }))
    },
    get config() {
      return evaluate().contextFor(null).config
    },
    as: (other: string) => packageValue(checkName('a package', other), root),
    extend: (more: unknown, at: PropertyPath = [0]) =>
      packageValue(name, checkedModule(typeof more === 'function' ? more(value) : more, at, [root])),
  })
  return value
}

/** @throws CodedError TN15xx for all that modules can get wrong. */
function assemble(name: string, evaluated: Evaluation, site: ChainNode['site']): ChainNode {
  evaluated.options()
  requireAssertions(evaluated)
  const steps = namedSteps(name, mergedSteps(evaluated))
  return Object.freeze({
    kind: 'chain',
    name,
    steps: stepNodes(name, steps),
    site,
    notes: warningsOf(evaluated),
  })
}

/** How a package made of modules is evaluated; undefined for all other values. Puts nothing together. */
export function evaluateOf(value: unknown): (() => Evaluation) | undefined {
  return typeof value === 'object' && value !== null && '~evaluate' in value
    ? (value['~evaluate'] as () => Evaluation) // only packageValue makes such values
    : undefined
}
