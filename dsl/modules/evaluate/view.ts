// view.ts — `config` as a module sees it: an object whose members are computed when they are read, and only its own ones exist.
import type { Site } from '../../chain/node.ts'
import { nearest } from '../../step/nearest.ts'
import type { ModuleNode } from '../declare/node.ts'
import { fault } from './fault.ts'
import { declaredAt, pathIn, pathOf, type Entry, type Group } from './option-tree.ts'

export interface ViewSource {
  readonly read: (entry: Entry) => unknown
  readonly sees: (owner: ModuleNode) => boolean
  /** Of the module that reads. */
  readonly site: Site
}

/** `group` is asked for at each access: making the view evaluates nothing. */
export function groupView(source: ViewSource, group: () => Group): object {
  const inner = new Map<Group, object>()
  const member = (key: string): unknown => {
    const whole = group()
    const found = whole.members.get(key)
    if (found === undefined) throw unknownMember(source, whole, key)
    if (found.kind === 'group') return viewOf(found)
    if (!source.sees(found.owner)) throw unseen(source, found)
    return source.read(found)
  }
  const viewOf = (found: Group): object => {
    const known = inner.get(found)
    if (known !== undefined) return known
    const made = groupView(source, () => found)
    inner.set(found, made)
    return made
  }
  const isSeen = (key: PropertyKey): key is string => {
    const found = typeof key === 'string' ? group().members.get(key) : undefined
    return found !== undefined && (found.kind === 'group' || source.sees(found.owner))
  }
  return new Proxy(
    {},
    {
      // JSON.stringify and await ask for these of any object.
      get: (_, key) =>
        typeof key === 'symbol' || ((key === 'toJSON' || key === 'then') && !isSeen(key))
          ? undefined
          : member(key),
      has: (_, key) => isSeen(key),
      ownKeys: () => [...group().members.keys()].filter(isSeen),
      getOwnPropertyDescriptor: (_, key) =>
        isSeen(key) ? { get: () => member(key), enumerable: true, configurable: true } : undefined,
      set: (_, key) => {
        throw fault(
          'TN1516',
          `config.${String(key)} is assigned to`,
          "Options are set in a module's config.",
          [{ fact: 'in the module', site: source.site }],
        )
      },
    },
  )
}

function unknownMember(source: ViewSource, group: Group, key: string): Error {
  return fault(
    'TN1501',
    `there is no option '${pathIn(group, key)}'`,
    nearest(key, [...group.members.keys()]),
    [{ fact: 'read by the module', site: source.site }],
  )
}

function unseen(source: ViewSource, entry: Entry): Error {
  return fault(
    'TN1510',
    `a module reads the option '${pathOf(entry)}', which it neither declares nor imports`,
    'Add the module that declares it to the imports.',
    [
      { fact: 'read by the module', site: source.site },
      { fact: 'declared', site: declaredAt(entry) },
    ],
  )
}
