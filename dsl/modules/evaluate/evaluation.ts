// evaluation.ts — the configuration that a set of modules gives. Lazy: an option is computed when it is read, and once.
import { moduleNode, type ModuleNode } from '../declare/node.ts'
import { closureOf } from './closure.ts'
import type { Evaluation, EvaluationOptions, Open, RuntimeContext } from './contract.ts'
import { collector } from './definitions.ts'
import { fault, isPackageValue, shown, type Place } from './fault.ts'
import { inOrder, merged, type Contribution } from './merge.ts'
import { addOptions, newGroup, type Definition, type Entry, type Group } from './option-tree.ts'
import { parsed } from './parse.ts'
import { submodulesOf } from './submodule-values.ts'
import { groupView, type ViewSource } from './view.ts'

export function evaluation(
  root: ModuleNode,
  { name, handed = [], open = [], path = '' }: EvaluationOptions,
): Evaluation {
  const closure = closureOf(root)
  const values = new Map<Entry, { readonly value: unknown }>()
  const contexts = new Map<ModuleNode | null, RuntimeContext>()
  let tree: Group | undefined
  let listing: ModuleNode | undefined

  const options = (): Group => {
    if (tree !== undefined) return tree
    const made = newGroup(path, root)
    for (const module of closure.modules) addOptions(made, module.options, module)
    const found = collector(made, (module, owner) => closure.sees(module, owner))
    for (const module of closure.modules) found.add(module, configOf(module), module.site)
    for (const each of handed) found.add(root, each.config, each.site)
    found.finish()
    return (tree = made)
  }

  const configOf = (module: ModuleNode): unknown => {
    const { config } = module
    if (typeof config !== 'function') return config
    listing = module
    try {
      return (config as (context: RuntimeContext) => unknown)(contextFor(module)) // module.ts checked it
    } finally {
      listing = undefined
    }
  }

  const counting = (entry: Entry): readonly Definition[] => {
    const priorities = [...new Set(entry.definitions.map(({ priority }) => priority))].toSorted(
      (a, b) => a - b,
    )
    for (const priority of priorities) {
      const active = entry.definitions.filter(
        (each) => each.priority === priority && each.conditions.every(holds),
      )
      if (active.length > 0) return active
    }
    return []
  }

  const read = (entry: Entry): unknown => {
    const known = values.get(entry)
    if (known !== undefined) return known.value
    const from = open.findIndex((each) => each.path === entry.path)
    if (from >= 0) throw recursion(entry.path, open.slice(from))
    open.push({ path: entry.path, site: entry.definitions[0]?.site ?? entry.option.site })
    try {
      const value = valueOf(entry)
      values.set(entry, { value })
      return value
    } finally {
      open.pop()
    }
  }

  const valueOf = (entry: Entry): unknown => {
    const { option } = entry
    const contributions = inOrder(
      counting(entry).map((definition) => ({ definition, value: forced(definition.value) })),
      ({ module }) => closure.rankOf(module),
    )
    switch (option.kind) {
      case 'submodules':
        return submodulesOf(entry, option.module, contributions, (inner) =>
          evaluation(inner.root, { ...inner, open }),
        )
      case 'dep':
        return dependency(entry, contributions)
      case 'value':
        return checked(entry, contributions)
    }
  }

  const contextFor = (module: ModuleNode | null): RuntimeContext => {
    const known = contexts.get(module)
    if (known !== undefined) return known
    const source: ViewSource = {
      read,
      sees: (owner) => module === null || closure.sees(module, owner),
      site: module?.site ?? root.site,
    }
    const whole = (): Group => (listing === undefined ? options() : refuseEarly(listing))
    const deps = (): Group => {
      const group = whole().members.get('deps')
      return group?.kind === 'group' ? group : newGroup('deps', root)
    }
    const context = { config: groupView(source, whole), deps: groupView(source, deps), name }
    contexts.set(module, context)
    return context
  }
  return { closure, options, read, counting, contextFor }
}

function holds(condition: boolean | (() => boolean)): boolean {
  return typeof condition === 'function' ? condition() : condition
}

function forced(value: unknown): unknown {
  return typeof value === 'function' ? (value as () => unknown)() : value // definitions are values or functions without parameters
}

/** @throws CodedError TN1503, TN1504 */
function checked(entry: Entry, contributions: readonly Contribution[]): unknown {
  const { option, path } = entry
  if (option.kind !== 'value') return undefined
  const value = contributions.length > 0 ? combined(entry, contributions) : option.default?.value
  const result = parsed(option.schema, value)
  if (result.ok) return result.value
  const declared: Place = { fact: `declared: ${option.description}`, site: entry.option.site }
  if (value === undefined)
    throw fault(
      'TN1504',
      `the option '${path}' is needed, and nothing sets it`,
      `Set it: config: { ${path}: … }.`,
      [declared],
    )
  throw fault(
    'TN1503',
    `the option '${path}' does not take its value: ${result.problems.join('; ')}`,
    'tenon options shows what each option takes.',
    [
      ...contributions.map((each) => ({ fact: `set to ${shown(each.value)}`, site: each.definition.site })),
      declared,
    ],
  )
}

function combined({ option, path }: Entry, contributions: readonly Contribution[]): unknown {
  return option.kind === 'value' && option.merge !== null
    ? option.merge(contributions.map(({ value }) => value))
    : merged(path, contributions)
}

/** @throws CodedError TN1502, TN1504, TN1513 */
function dependency(entry: Entry, contributions: readonly Contribution[]): unknown {
  const { option, path } = entry
  const value = contributions.length > 0 ? merged(path, contributions) : forced(option.default?.value)
  const places = contributions.map(({ definition: { site } }) => ({ fact: 'set', site }))
  const declared: Place = { fact: `declared: ${option.description}`, site: entry.option.site }
  if (value === undefined)
    throw fault(
      'TN1504',
      `the dependency '${path}' is needed, and nothing gives it`,
      `Give a package: config: { deps: { … } }.`,
      [declared],
    )
  if (isPackageValue(value)) return value
  const found = moduleNode(value) === undefined ? shown(value) : 'a module'
  throw fault(
    'TN1513',
    `the dependency '${path}' is ${found}, which is no package`,
    'Give a chain or a package made of modules.',
    [...places, declared],
  )
}

function recursion(path: string, open: readonly Open[]): Error {
  const route = [...open.map((each) => each.path), path].join(' → ')
  return fault(
    'TN1505',
    `the option '${path}' depends on itself: ${route}`,
    'Set one of them without the others, or read another option.',
    open.map((each) => ({ fact: `'${each.path}' is defined`, site: each.site })),
  )
}

function refuseEarly(module: ModuleNode): never {
  throw fault(
    'TN1507',
    'a module reads config before it is known what is set',
    'Make the value a function: url: () => `https://…/${config.version}`.',
    [{ fact: 'in the module', site: module.site }],
  )
}
