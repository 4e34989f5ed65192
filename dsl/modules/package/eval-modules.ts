// eval-modules.ts — evalModules: options without a package, for settings that several packages share.
import { here } from '../../step/site.ts'
import type { AnyModule, Reach } from '../declare/module.ts'
import { moduleNode, type ModuleNode } from '../declare/node.ts'
import { malformed, type ConfigOf } from '../declare/option.ts'
import { evaluation } from '../evaluate/evaluation.ts'

export interface Evaluated<O> {
  readonly config: ConfigOf<O>
}

/** What the modules come to. Evaluates an option when it is read; the order of the modules never matters. */
export function evalModules<const I extends readonly AnyModule[]>(modules: I): Evaluated<Reach<{}, I, {}, {}>>
export function evalModules(modules: readonly unknown[]): unknown {
  const root: ModuleNode = {
    options: {},
    imports: modules.map(importedNode),
    config: undefined,
    steps: undefined,
    assertions: [],
    warnings: [],
    site: here(),
  }
  return { config: evaluation(root, { name: 'modules' }).contextFor(null).config }
}

function importedNode(value: unknown): ModuleNode {
  const node = moduleNode(value)
  if (node === undefined)
    throw malformed('evalModules got something that is no module', 'Give it what defineModule gave.')
  return node
}
