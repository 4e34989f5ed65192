// definitions.ts — what a module sets, found without evaluating any value: each definition goes to its option.
import type { Site } from '../../chain/node.ts'
import type { CodedError } from '../../plan/coded-error.ts'
import { isPlain } from '../../step/object-schema.ts'
import { nearest } from '../../step/nearest.ts'
import type { ModuleNode } from '../declare/node.ts'
import { ORDER, PRIORITY, weightNode } from '../declare/weight.ts'
import { fault, isPackageValue, shown, type Place } from './fault.ts'
import { pathOf, type Definition, type Entry, type Group } from './option-tree.ts'

type Weight = Omit<Definition, 'value'>

interface Unknown {
  readonly path: string
  readonly known: readonly string[]
  readonly site: Site
}

/** Collects the definitions of many modules; what they got wrong is reported together. */
export interface Collector {
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
      node.definitions.push({ ...weight, value })
    } else if (isPlain(value) && !isPackageValue(value))
      for (const [name, member] of Object.entries(value)) {
        const child = node.members.get(name)
        if (child !== undefined) walk(child, member, weight)
        else unknown.push({ path: pathOf(node, name), known: [...node.members.keys()], site: weight.site })
      }
    else throw noGroup(node, value, weight)
  }
  return {
    add: (module, config, site) =>
      walk(root, config, { priority: PRIORITY.plain, order: ORDER.plain, conditions: [], module, site }),
    finish: () => {
      if (unknown.length > 0) throw unknownOptions(unknown)
    },
  }
}

function heavier(weight: Weight, node: NonNullable<ReturnType<typeof weightNode>>): Weight {
  const { site } = node
  switch (node.kind) {
    case 'priority':
      return { ...weight, site, priority: node.priority }
    case 'order':
      return { ...weight, site, order: node.order }
    case 'condition':
      return { ...weight, site, conditions: [...weight.conditions, node.holds] }
  }
}

function checkAccess(
  entry: Entry,
  { module, site }: Weight,
  sees: (a: ModuleNode, b: ModuleNode) => boolean,
): void {
  const declared: Place = { fact: 'declared', site: entry.option.site }
  if (!sees(module, entry.owner))
    throw fault(
      'TN1510',
      `a module sets the option '${entry.path}', which it neither declares nor imports`,
      'Add the module that declares it to the imports.',
      [{ fact: 'set', site }, declared],
    )
  if (entry.option.readOnly && module !== entry.owner)
    throw fault(
      'TN1506',
      `the option '${entry.path}' is read-only`,
      'It follows from other options: set those.',
      [{ fact: 'set', site }, declared],
    )
}

function noGroup(group: Group, value: unknown, { site }: Weight): CodedError {
  const where = group.path === '' ? 'the config of a module' : `'${group.path}', a group of options,`
  const hint =
    typeof value === 'function'
      ? 'Its members must be known before any value is: write a function for each option, not for the group.'
      : 'Give an object with options by name.'
  return fault(
    'TN1515',
    `${where} is set to ${typeof value === 'function' ? 'a function' : shown(value)}`,
    hint,
    [{ fact: 'set', site }],
  )
}

function unknownOptions(unknown: readonly Unknown[]): CodedError {
  const [first] = unknown
  const paths = unknown.map(({ path }) => `'${path}'`).join(', ')
  const name = first?.path.split('.').at(-1) ?? ''
  return fault(
    'TN1501',
    unknown.length === 1 ? `there is no option ${paths}` : `there are no options ${paths}`,
    nearest(name, first?.known ?? []),
    unknown.map(({ path, site }) => ({ fact: `'${path}' is set`, site })),
  )
}
