// option-tree.ts — the options of several modules as one tree, and where each was written. What they are set to is definitions.ts's.
import type { Site } from '../../chain/node.ts'
import type { ModuleNode } from '../declare/node.ts'
import { optionNode, type OptionNode } from '../declare/option.ts'
import { isPlain } from '../../step/object-schema.ts'
import { inside } from '../../step/site.ts'
import { fault, shown } from './fault.ts'

/** How much the definitions of a module count, and where its config was written. */
export interface Weight {
  readonly priority: number
  readonly order: number
  readonly conditions: readonly (boolean | (() => boolean))[]
  readonly module: ModuleNode
  readonly config: Site
}
/** One module's word on one option. */
export interface Definition {
  readonly entry: Entry
  /** A value, or a function that gives it. */
  readonly value: unknown
  readonly weight: Weight
}

export interface Group {
  readonly kind: 'group'
  readonly path: string
  /** From the root of the tree. */
  readonly names: readonly string[]
  readonly members: Map<string, Group | Entry>
  /** Who declared something in it first. */
  readonly owner: ModuleNode
}
export interface Entry {
  readonly kind: 'option'
  readonly group: Group
  readonly name: string
  readonly option: OptionNode
  readonly owner: ModuleNode
  definitions: readonly Definition[] // by `define` alone
}

const NONE: readonly Definition[] = []

/** There are many options, and most have one definition. */
export function define(entry: Entry, definition: Definition): void {
  entry.definitions = entry.definitions === NONE ? [definition] : [...entry.definitions, definition]
}

/** `path`: of the whole tree, when it is a submodule's. */
export function newTree(path: string, owner: ModuleNode): Group {
  return { kind: 'group', path, names: [], members: new Map(), owner }
}

/** @throws CodedError TN1509 for an option declared twice, TN1500 for what is no option. */
export function addOptions(
  group: Group,
  options: Readonly<Record<string, unknown>>,
  owner: ModuleNode,
): void {
  for (const name of Object.keys(options)) {
    const value = options[name]
    const option = optionNode(value)
    const there = group.members.get(name)
    if (option !== undefined) {
      const entry: Entry = { kind: 'option', group, name, option, owner, definitions: NONE }
      if (there !== undefined) throw declaredTwice(there, entry)
      group.members.set(name, entry)
    } else if (isPlain(value)) {
      const inner = there?.kind === 'group' ? there : newGroup(group, name, owner)
      if (there?.kind === 'option') throw declaredTwice(there, inner)
      group.members.set(name, inner)
      addOptions(inner, value, owner)
    } else
      throw fault(
        'TN1500',
        `'${pathIn(group, name)}' is declared as ${shown(value)}`,
        'Declare it with option(schema, { description }).',
        [{ fact: 'declared', site: inside(owner.site, 'options', ...group.names, name) }],
      )
  }
}

function newGroup(within: Group, name: string, owner: ModuleNode): Group {
  return { ...newTree(pathIn(within, name), owner), names: [...within.names, name] }
}

export function pathIn(group: Group, name: string): string {
  return group.path === '' ? name : `${group.path}.${name}`
}

/** Members joined by `.`, for people. */
export function pathOf(node: Group | Entry): string {
  return node.kind === 'group' ? node.path : pathIn(node.group, node.name)
}

export function declaredAt(node: Group | Entry): Site {
  const { site } = node.owner
  if (node.kind === 'group') return inside(site, 'options', ...node.names)
  if (node.option.kind === 'dep') return inside(site, 'deps', node.name)
  return inside(site, 'options', ...node.group.names, node.name)
}

export function definedAt({ entry, weight }: Pick<Definition, 'entry' | 'weight'>): Site {
  return inside(weight.config, ...entry.group.names, entry.name)
}

function declaredTwice(there: Group | Entry, again: Group | Entry): Error {
  const said = ({ kind }: Group | Entry): string => (kind === 'option' ? 'declared' : 'declared as a group')
  return fault(
    'TN1509',
    `the option '${pathOf(again)}' is declared twice`,
    'Keep one declaration and import its module, or choose another name.',
    [
      { fact: said(there), site: declaredAt(there) },
      { fact: `${said(again)} again`, site: declaredAt(again) },
    ],
  )
}

export function* entriesOf(group: Group): Generator<Entry> {
  for (const member of group.members.values())
    if (member.kind === 'option') yield member
    else yield* entriesOf(member)
}
