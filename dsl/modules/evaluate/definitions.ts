// definitions.ts — what a module sets, found without evaluating any value: each definition goes to its option.
import type { Site } from '../../chain/node.ts'
import type { CodedError } from '../../plan/coded-error.ts'
import { isPlain } from '../../step/object-schema.ts'
import { nearest } from '../../step/nearest.ts'
import { inside } from '../../step/site.ts'
import type { ModuleNode } from '../declare/node.ts'
import { ORDER, PRIORITY, weightNode, type WeightNode } from '../declare/weight.ts'
import { fault, isPackageValue, shown, type Place } from './fault.ts'
import {
  declaredAt,
  define,
  definedAt,
  pathIn,
  pathOf,
  type Entry,
  type Group,
  type Weight,
} from './option-tree.ts'

interface Unknown {
  readonly group: Group
  readonly name: string
  readonly weight: Weight
}

/** Collects the definitions of many modules; what they got wrong is reported together. */
export interface Collector {
  /** `site`: of the config as a whole. */
  add(module: ModuleNode, config: unknown, site: Site): void
  /** @throws CodedError TN1501 for options that nobody declares. */
  finish(): void
}

/** `sees`: whether the first module may set options of the second. */
export function collector(root: Group, sees: (module: ModuleNode, owner: ModuleNode) => boolean): Collector {
  const unknown: Unknown[] = []
  const walk = (node: Group | Entry, value: unknown, weight: Weight): void => {
    if (value === undefined) return
    const weighted = weightNode(value)
    if (weighted !== undefined) return walk(node, weighted.value, heavier(weight, weighted))
    if (node.kind === 'option') {
      checkAccess(node, weight, sees)
      define(node, { entry: node, value, weight })
    } else if (isPlain(value) && !isPackageValue(value))
      for (const name of Object.keys(value)) {
        const child = node.members.get(name)
        if (child !== undefined) walk(child, value[name], weight)
        else unknown.push({ group: node, name, weight })
      }
    else throw noGroup(node, value, weight)
  }
  return {
    add: (module, value, config) =>
      walk(root, value, { priority: PRIORITY.plain, order: ORDER.plain, conditions: [], module, config }),
    finish: () => {
      if (unknown.length > 0) throw unknownOptions(unknown)
    },
  }
}

function heavier(weight: Weight, node: WeightNode): Weight {
  switch (node.kind) {
    case 'priority':
      return { ...weight, priority: node.priority }
    case 'order':
      return { ...weight, order: node.order }
    case 'condition':
      return { ...weight, conditions: [...weight.conditions, node.holds] }
  }
}

function checkAccess(entry: Entry, weight: Weight, sees: (a: ModuleNode, b: ModuleNode) => boolean): void {
  if (!sees(weight.module, entry.owner))
    throw fault(
      'TN1510',
      `a module sets the option '${pathOf(entry)}', which it neither declares nor imports`,
      'Add the module that declares it to the imports.',
      placesOf(entry, weight),
    )
  if (entry.option.readOnly && weight.module !== entry.owner)
    throw fault(
      'TN1506',
      `the option '${pathOf(entry)}' is read-only`,
      'It follows from other options: set those.',
      placesOf(entry, weight),
    )
}

function placesOf(entry: Entry, weight: Weight): readonly Place[] {
  return [
    { fact: 'set', site: definedAt({ entry, weight }) },
    { fact: 'declared', site: declaredAt(entry) },
  ]
}

function noGroup(group: Group, value: unknown, { config }: Weight): CodedError {
  const where = group.path === '' ? 'the config of a module' : `'${group.path}', a group of options,`
  const hint =
    typeof value === 'function'
      ? 'Its members must be known before any value is: write a function for each option, not for the group.'
      : 'Give an object with options by name.'
  return fault(
    'TN1515',
    `${where} is set to ${typeof value === 'function' ? 'a function' : shown(value)}`,
    hint,
    [{ fact: 'set', site: inside(config, ...group.names) }],
  )
}

function unknownOptions(unknown: readonly Unknown[]): CodedError {
  const [first] = unknown
  const paths = unknown.map(({ group, name }) => `'${pathIn(group, name)}'`)
  return fault(
    'TN1501',
    unknown.length === 1 ? `there is no option ${paths.join()}` : `there are no options ${paths.join(', ')}`,
    nearest(first?.name ?? '', [...(first?.group.members.keys() ?? [])]),
    unknown.map(({ group, name, weight }, i) => ({
      fact: `${paths[i]} is set`,
      site: inside(weight.config, ...group.names, name),
    })),
  )
}
