// submodules.ts — submodules(): an option that holds any number of things by name, each with options of its own.
import type { AnyModule } from './module.ts'
import { moduleNode } from './node.ts'
import { documented, malformed, optionValue, type AnyOption, type ConfigOf, type Option } from './option.ts'
import type { Lazy, Weighted } from './weight.ts'

/** What one submodule may be set to. */
type Settings<T> = {
  readonly [K in keyof T]?: T[K] extends AnyOption
    ? Lazy<T[K]['~given']> | Weighted<T[K]['~given']>
    : Settings<T[K]>
}
type Named<T> = Readonly<Record<string, T>>

export interface SubmodulesDocs<T> {
  readonly description: string
  readonly default?: Named<Settings<T>>
  readonly example?: Named<Settings<T>>
  readonly internal?: boolean
}

/**
 * `programs: submodules(program, { description: 'What is compiled' })`, set as `programs: { hello: { main: 'hello.c' } }`.
 * Definitions of one name by several modules come together in one submodule; its functions get the name.
 */
export function submodules<M extends AnyModule>(
  module: M,
  docs: SubmodulesDocs<M['~options']>,
): Option<Named<Settings<M['~options']>>, Named<Settings<M['~options']>>, Named<ConfigOf<M['~options']>>> {
  const node = moduleNode(module)
  if (node === undefined) throw malformed('submodules() got no module', 'Give it what defineModule gave.')
  return optionValue({ ...documented({ default: {}, ...docs }), kind: 'submodules', module: node })
}
