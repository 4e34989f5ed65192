// value.ts — the value of one option from the definitions that count. Which those are is evaluation.ts's.
import { moduleNode } from '../declare/node.ts'
import { fault, isPackageValue, shown, type Place } from './fault.ts'
import { contributedAt, merged, type Contribution } from './merge.ts'
import { declaredAt, pathOf, type Entry } from './option-tree.ts'
import { parsed } from './parse.ts'

/** A definition is a value, or a function without parameters that gives it. */
export function forced(value: unknown): unknown {
  return typeof value === 'function' ? (value as () => unknown)() : value // as said above
}

/** @throws CodedError TN1503, TN1504 */
export function checked(entry: Entry, contributions: readonly Contribution[]): unknown {
  const { option } = entry
  if (option.kind !== 'value') return undefined
  const value = contributions.length > 0 ? combined(entry, contributions) : option.default?.value
  const result = parsed(option.schema, value)
  if (result.ok) return result.value
  const path = pathOf(entry)
  const declared: Place = { fact: `declared: ${option.description}`, site: declaredAt(entry) }
  if (value === undefined)
    throw fault(
      'TN1504',
      `the option '${path}' is needed, and nothing sets it`,
      `Set it: config: ${settingText(entry)}.`,
      [declared],
    )
  throw fault(
    'TN1503',
    `the option '${path}' does not take its value: ${result.problems.join('; ')}`,
    'tenon options shows what each option takes.',
    [
      ...contributions.map((each) => ({ fact: `set to ${shown(each.value)}`, site: contributedAt(each) })),
      declared,
    ],
  )
}

function combined(entry: Entry, contributions: readonly Contribution[]): unknown {
  const { option } = entry
  const only = contributions.length === 1 ? contributions[0] : undefined
  if (option.kind !== 'value' || option.merge === null)
    return only === undefined ? merged(pathOf(entry), contributions) : only.value
  return option.merge(contributions.map(({ value }) => value))
}

/** @throws CodedError TN1502, TN1504, TN1513 */
export function dependency(entry: Entry, contributions: readonly Contribution[]): unknown {
  const { option } = entry
  const path = pathOf(entry)
  const value = contributions.length > 0 ? merged(path, contributions) : forced(option.default?.value)
  const places = contributions.map((each) => ({ fact: 'set', site: contributedAt(each) }))
  const declared: Place = { fact: `declared: ${option.description}`, site: declaredAt(entry) }
  if (value === undefined)
    throw fault(
      'TN1504',
      `the dependency '${path}' is needed, and nothing gives it`,
      `Give a package: config: ${settingText(entry)}.`,
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

/** `{ docs: { enable: … } }` */
function settingText({ group, name }: Entry): string {
  return [...group.names, name].reduceRight((inner, each) => `{ ${each}: ${inner} }`, '…')
}
