// evaluation.ts — the configuration that a set of modules gives. Lazy: an option is computed when it is read, and once.
import type { Site } from '../../chain/node.ts'
import type { ModuleNode } from '../declare/node.ts'
import { closureOf, type Closure } from './closure.ts'
import type { Evaluation, EvaluationOptions, RuntimeContext } from './contract.ts'
import { fault } from './fault.ts'
import { inOrder } from './merge.ts'
import { optionTable } from './option-table.ts'
import {
  declaredAt,
  definedAt,
  newTree,
  pathOf,
  type Definition,
  type Entry,
  type Group,
} from './option-tree.ts'
import { submodulesOf } from './submodule-values.ts'
import { checked, dependency, forced } from './value.ts'
import { groupView, type ViewSource } from './view.ts'

export function evaluation(
  root: ModuleNode,
  { name, handed = [], open = [], path = '' }: EvaluationOptions,
): Evaluation {
  const closure = closureOf(root)
  const contexts = new Map<ModuleNode | null, RuntimeContext>()
  const read = reader(open, (entry) => valueOf(entry, closure, open))
  const contextFor = (module: ModuleNode | null): RuntimeContext => {
    const known = contexts.get(module)
    if (known !== undefined) return known
    const source: ViewSource = {
      read,
      sees: (owner) => module === null || closure.sees(module, owner),
      site: module?.site ?? root.site,
    }
    const deps = (): Group => {
      const group = options().members.get('deps')
      return group?.kind === 'group' ? group : newTree('deps', root)
    }
    let depsView: object | undefined
    const context: RuntimeContext = {
      config: groupView(source, () => options()),
      get deps() {
        return (depsView ??= groupView(source, deps))
      },
      name,
    }
    contexts.set(module, context)
    return context
  }
  const options = optionTable({ root, closure, handed, path, contextFor })
  return { closure, options, read, counting, contextFor }
}

/** Remembers values, and notices an option that is asked for while it is being computed. */
function reader(open: Entry[], compute: (entry: Entry) => unknown): (entry: Entry) => unknown {
  const values = new Map<Entry, { readonly value: unknown }>()
  return (entry) => {
    const known = values.get(entry)
    if (known !== undefined) return known.value
    const from = open.indexOf(entry)
    if (from >= 0) throw recursion(pathOf(entry), open.slice(from))
    open.push(entry)
    try {
      const value = compute(entry)
      values.set(entry, { value })
      return value
    } finally {
      open.pop()
    }
  }
}

const NO_KEYS: readonly string[] = []

function valueOf(entry: Entry, closure: Closure, open: Entry[]): unknown {
  const { option } = entry
  const contributions = inOrder(
    counting(entry).map((definition) => ({ definition, value: forced(definition.value), keys: NO_KEYS })),
    ({ weight }) => closure.rankOf(weight.module),
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

/** Those of the least number whose conditions hold; conditions of others are not asked. */
function counting(entry: Entry): readonly Definition[] {
  const { definitions } = entry
  const isSettled = definitions.length === 1 && definitions[0]?.weight.conditions.length === 0
  if (isSettled || definitions.length === 0) return definitions
  const priorities = new Set(definitions.map(({ weight }) => weight.priority))
  for (const priority of [...priorities].toSorted((a, b) => a - b)) {
    const active = definitions.filter(
      ({ weight }) => weight.priority === priority && weight.conditions.every(holds),
    )
    if (active.length > 0) return active
  }
  return []
}

function holds(condition: boolean | (() => boolean)): boolean {
  return typeof condition === 'function' ? condition() : condition
}

function recursion(path: string, open: readonly Entry[]): Error {
  const route = [...open.map(pathOf), path].join(' → ')
  return fault(
    'TN1505',
    `the option '${path}' depends on itself: ${route}`,
    'Set one of them without the others, or read another option.',
    open.map((each) => ({ fact: `'${pathOf(each)}' is defined`, site: siteOf(each) })),
  )
}

/** Of the definition that counts first, else of the default. */
function siteOf(entry: Entry): Site {
  const [first] = entry.definitions
  return first === undefined ? declaredAt(entry) : definedAt(first)
}
