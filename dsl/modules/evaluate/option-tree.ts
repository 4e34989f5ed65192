// option-tree.ts — the options of several modules as one tree. What they are set to is definitions.ts's.
import type { Site } from '../../chain/node.ts'
import type { ModuleNode } from '../declare/node.ts'
import { optionNode, type OptionNode } from '../declare/option.ts'
import { isPlain } from '../../step/object-schema.ts'
import { fault, shown } from './fault.ts'

/** One module's word on one option. */
export interface Definition {
  /** A value, or a function that gives it. */
  readonly value: unknown
  readonly priority: number
  readonly order: number
  readonly conditions: readonly (boolean | (() => boolean))[]
  readonly module: ModuleNode
  readonly site: Site
}

export interface Group {
  readonly kind: 'group'
  readonly path: string
  readonly members: Map<string, Group | Entry>
  /** Who declared something in it first. */
  readonly owner: ModuleNode
}
export interface Entry {
  readonly kind: 'option'
  readonly path: string
  readonly option: OptionNode
  readonly owner: ModuleNode
  readonly definitions: Definition[]
}

export function newGroup(path: string, owner: ModuleNode): Group {
  return { kind: 'group', path, members: new Map(), owner }
}

/** @throws CodedError TN1509 for an option declared twice, TN1500 for what is no option. */
export function addOptions(
  group: Group,
  options: Readonly<Record<string, unknown>>,
  owner: ModuleNode,
): void {
  for (const [name, value] of Object.entries(options)) {
    const path = pathOf(group, name)
    const option = optionNode(value)
    const there = group.members.get(name)
    if (option !== undefined) {
      if (there !== undefined) throw declaredTwice(path, there, owner)
      group.members.set(name, { kind: 'option', path, option, owner, definitions: [] })
    } else if (isPlain(value)) {
      if (there?.kind === 'option') throw declaredTwice(path, there, owner)
      const inner = there ?? newGroup(path, owner)
      group.members.set(name, inner)
      addOptions(inner, value, owner)
    } else
      throw fault(
        'TN1500',
        `'${path}' is declared as ${shown(value)}`,
        'Declare it with option(schema, { description }).',
        [{ fact: 'in the module', site: owner.site }],
      )
  }
}

export function pathOf(group: Group, name: string): string {
  return group.path === '' ? name : `${group.path}.${name}`
}

function declaredTwice(path: string, there: Group | Entry, owner: ModuleNode): Error {
  return fault(
    'TN1509',
    `the option '${path}' is declared twice`,
    'Keep one declaration and import its module, or choose another name.',
    [
      {
        fact: there.kind === 'option' ? 'declared' : 'declared as a group',
        site: there.kind === 'option' ? there.option.site : there.owner.site,
      },
      { fact: 'declared again', site: owner.site },
    ],
  )
}

export function* entriesOf(group: Group): Generator<Entry> {
  for (const member of group.members.values())
    if (member.kind === 'option') yield member
    else yield* entriesOf(member)
}
