// submodule-values.ts — an option that holds any number of submodules by name: each is an evaluation of its own, lazy too.
import { isPlain } from '../../step/object-schema.ts'
import type { ModuleNode } from '../declare/node.ts'
import { weightNode } from '../declare/weight.ts'
import type { Evaluation, EvaluationOptions, Handed } from './contract.ts'
import { fault, shown } from './fault.ts'
import type { Contribution } from './merge.ts'
import type { Entry } from './option-tree.ts'

/** By name, in byte order. @throws CodedError TN1503 */
export function submodulesOf(
  entry: Entry,
  module: ModuleNode,
  contributions: readonly Contribution[],
  evaluate: (inner: EvaluationOptions & { readonly root: ModuleNode }) => Evaluation,
): object {
  const given = contributions.length > 0 ? contributions : byDefault(entry)
  const handed = new Map<string, Handed[]>()
  for (const { definition, value } of given) {
    if (!isPlain(value) || weightNode(value) !== undefined)
      throw fault(
        'TN1503',
        `the option '${entry.path}' is set to ${shown(value)}`,
        'Give an object: its keys name the submodules.',
        [{ fact: 'set', site: definition.site }],
      )
    for (const [name, config] of Object.entries(value)) {
      const part: Handed = { config, site: definition.site }
      handed.set(name, [...(handed.get(name) ?? []), part])
    }
  }
  // A root of its own: what it is handed comes from outside of the submodule.
  const root: ModuleNode = {
    options: {},
    imports: [module],
    config: undefined,
    steps: undefined,
    assertions: [],
    warnings: [],
    site: entry.option.site,
  }
  const result: Record<string, unknown> = {}
  for (const name of [...handed.keys()].toSorted()) {
    const parts = handed.get(name) ?? []
    const inner = evaluate({ root, name, path: `${entry.path}.${name}`, handed: parts })
    Object.defineProperty(result, name, { enumerable: true, get: () => inner.contextFor(null).config })
  }
  return Object.freeze(result)
}

function byDefault({ option, owner }: Entry): readonly Contribution[] {
  if (option.default === null) return []
  const definition = {
    value: undefined,
    priority: 0,
    order: 0,
    conditions: [],
    module: owner,
    site: owner.site,
  }
  return [{ definition, value: option.default.value }]
}
