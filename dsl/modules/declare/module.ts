// module.ts — defineModule: options, what it sets, and steps, as one value that others import. Evaluating it is ../evaluate's.
import type { PropertyPath } from '../../plan/plan.ts'
import { isPlain } from '../../step/object-schema.ts'
import { here } from '../../step/site.ts'
import { nearest } from '../../step/nearest.ts'
import type { OnTop } from '../../types/supply.ts'
import type { Deps } from './dep.ts'
import { moduleNode, type Check, type ModuleNode } from './node.ts'
import { malformed, type ConfigOf, type Options } from './option.ts'
import type { GivenSteps, SuppliesOf, VetOwnSteps } from './vet-steps.ts'
import type { Settled, Settles, SuggestedConfig, VetConfig } from './vet.ts'

/** `O`: the options in reach of whoever imports it; `V`: whose step stands under each name, its imports' and its own. */
export interface Module<out O, out V> {
  readonly '~module': ModuleNode
  readonly '~options': O
  readonly '~steps': V
}
// any: modules of every kind.
export type AnyModule = Module<any, any>

/** What functions of a module are given. Reading `config.x` evaluates `x` and nothing else. */
export interface ModuleContext<O> {
  readonly config: ConfigOf<O>
  readonly deps: O extends { readonly deps: infer D } ? ConfigOf<D> : {}
  /** Of the package, or of the submodule. */
  readonly name: string
}
export interface Assertion<C> {
  readonly holds: (context: C) => boolean
  readonly message: string | ((context: C) => string)
}
export interface Warning<C> {
  readonly when: (context: C) => boolean
  readonly message: string | ((context: C) => string)
}

type OptionsOf<I, Done = {}> = number extends (I & readonly unknown[])['length']
  ? Options
  : I extends readonly [infer H extends AnyModule, ...infer R]
    ? OptionsOf<R, Done & H['~options']>
    : Done
type WithDeps<D> = [keyof D] extends [never] ? {} : { readonly deps: D }
/** All options in reach of a module: of what it stands on, of its imports, its own. */
export type Reach<B, I, O, D> = B & OptionsOf<I> & O & WithDeps<D>

type Vetted<B, I, O, D, G, R> = VetConfig<G, Reach<B, I, O, D>, O & WithDeps<D>> & Settles<R>

/** `B`: options of what the module stands on, when it extends something; `St`, `VI`: its steps and imports, or what is wrong with them. */
export interface ModuleDefinition<B, O, D, I, G, R, St, VI = I> {
  readonly options?: O
  /** Other packages that it needs: `deps: { zlib: dep(schema, { description, default: zlib }) }`. */
  readonly deps?: D
  /** Modules whose options it may read and set. Each counts once, wherever it is imported. */
  readonly imports?: VI
  /** What it sets. Values that depend on others are functions: `url: () => `…${config.version}``. */
  readonly config?:
    Vetted<B, I, O, D, G, R> | ((context: ModuleContext<Reach<B, I, O, D>>) => Vetted<B, I, O, D, G, R>)
  /** Steps by name, in byte order of the names; `null` removes a step of what it stands on. */
  readonly steps?: St | ((context: ModuleContext<Reach<B, I, O, D>>) => St)
  readonly assertions?: readonly Assertion<ModuleContext<Reach<B, I, O, D>>>[]
  readonly warnings?: readonly Warning<ModuleContext<Reach<B, I, O, D>>>[]
}

/**
 * A part of a package's description. It may read and set the options that it declares and those of its imports, no others.
 * @throws CodedError TN1500 for an unknown key or a value of the wrong kind.
 */
export function defineModule<
  const O extends Options = {},
  const D extends Deps = {},
  const I extends readonly AnyModule[] = [],
  const G extends SuggestedConfig<Reach<{}, I, O, D>> = {},
  const R extends Settled = undefined,
  const St extends GivenSteps | undefined = undefined,
>(
  definition: ModuleDefinition<{}, O, D, I, G, R, VetOwnSteps<SuppliesOf<I>, St>>,
): Module<Reach<{}, I, O, D>, OnTop<SuppliesOf<I>, St, keyof O | keyof D | keyof St>>
export function defineModule(definition: unknown): unknown {
  return moduleValue(checkedModule(definition, [0]))
}

/** Its types are the caller's word: they exist for the compiler alone. */
function moduleValue(node: ModuleNode): object {
  return Object.freeze({ '~module': node })
}

const KEYS = ['options', 'deps', 'imports', 'config', 'steps', 'assertions', 'warnings']

/**
 * `at`: the definition among the arguments of the call in the build file; `under`: what it extends.
 * @throws CodedError TN1500
 */
export function checkedModule(
  definition: unknown,
  at: PropertyPath,
  under: readonly ModuleNode[] = [],
): ModuleNode {
  if (!isPlain(definition))
    throw malformed(`a module is defined by ${definition === null ? 'null' : typeof definition}`)
  for (const key of Object.keys(definition))
    if (!KEYS.includes(key))
      throw malformed(`a module is defined with the unknown key '${key}'`, nearest(key, KEYS))
  const { options = {}, deps = {}, imports = [], config, steps } = definition
  if (!isPlain(options) || !isPlain(deps)) throw malformed('options or deps of a module is no object')
  if (Object.keys(deps).length > 0 && 'deps' in options)
    throw malformed("a module declares an option 'deps' and dependencies", 'Call the option otherwise.')
  if (!Array.isArray(imports)) throw malformed('imports of a module is no list')
  return Object.freeze({
    options: Object.keys(deps).length === 0 ? options : { ...options, deps },
    imports: [...under, ...imports.map(importedNode)],
    config,
    steps: stepsOf(steps),
    assertions: checksOf(definition, 'assertions', 'holds'),
    warnings: checksOf(definition, 'warnings', 'when'),
    site: here(at),
  })
}

function stepsOf(steps: unknown): unknown {
  if (steps === undefined || typeof steps === 'function' || isPlain(steps)) return steps
  throw malformed('steps of a module is neither an object nor a function')
}

function importedNode(value: unknown): ModuleNode {
  const node = moduleNode(value)
  if (node !== undefined) return node
  throw malformed(
    `a module imports ${value === undefined ? 'undefined' : `a ${typeof value}`}, which is no module`,
    'Import what defineModule gave; an undefined one often means that two files import each other.',
  )
}

function checksOf(
  definition: Readonly<Record<string, unknown>>,
  key: string,
  test: string,
): readonly Check[] {
  const list = definition[key] ?? []
  if (!Array.isArray(list)) throw malformed(`${key} of a module is no list`)
  return list.map((each: unknown): Check => {
    const found = isPlain(each) ? each[test] : undefined
    if (!isPlain(each) || typeof found !== 'function' || each['message'] === undefined)
      throw malformed(`an entry of ${key} is not { ${test}, message }`)
    return { test: found as Check['test'], message: each['message'] } // just checked
  })
}
