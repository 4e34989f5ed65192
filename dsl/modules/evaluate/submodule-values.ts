// submodule-values.ts — an option that holds any number of submodules by name: each is an evaluation of its own, lazy too.
import type { Site } from '../../chain/node.ts'
import { inside } from '../../step/site.ts'
import { isPlain } from '../../step/object-schema.ts'
import type { ModuleNode } from '../declare/node.ts'
import { weightNode } from '../declare/weight.ts'
import type { Evaluation, EvaluationOptions, Handed } from './contract.ts'
import { fault, shown } from './fault.ts'
import { contributedAt, type Contribution } from './merge.ts'
import { declaredAt, pathOf, type Entry } from './option-tree.ts'

/** By name, in byte order. @throws CodedError TN1503 */
export function submodulesOf(
  entry: Entry,
  module: ModuleNode,
  contributions: readonly Contribution[],
  evaluate: (inner: EvaluationOptions & { readonly root: ModuleNode }) => Evaluation,
): object {
  const given =
    contributions.length > 0
      ? contributions.map((each) => ({ value: each.value, site: contributedAt(each) }))
      : byDefault(entry)
  const handed = new Map<string, Handed[]>()
  for (const { site, value } of given) {
    if (!isPlain(value) || weightNode(value) !== undefined)
      throw fault(
        'TN1503',
        `the option '${pathOf(entry)}' is set to ${shown(value)}`,
        'Give an object: its keys name the submodules.',
        [{ fact: 'set', site }],
      )
    for (const [name, config] of Object.entries(value)) {
      const part: Handed = { config, site: inside(site, name) }
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
    site: declaredAt(entry),
  }
  const result: Record<string, unknown> = {}
  for (const name of [...handed.keys()].toSorted()) {
    const parts = handed.get(name) ?? []
    const inner = evaluate({ root, name, path: `${pathOf(entry)}.${name}`, handed: parts })
    Object.defineProperty(result, name, { enumerable: true, get: () => inner.contextFor(null).config })
  }
  return Object.freeze(result)
}

interface GivenParts {
  readonly value: unknown
  readonly site: Site
}

function byDefault(entry: Entry): readonly GivenParts[] {
  const { default: given } = entry.option
  return given === null ? [] : [{ value: given.value, site: declaredAt(entry) }]
}
