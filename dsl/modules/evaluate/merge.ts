// merge.ts — several definitions of one option as one value: lists concatenate, records merge by key, all else must be equal.
import type { Site } from '../../chain/node.ts'
import { isPlain } from '../../step/object-schema.ts'
import { hasRefs, refTarget } from '../../step/ref.ts'
import { inside } from '../../step/site.ts'
import { canonicalText, fault, isPackageValue, shown } from './fault.ts'
import { definedAt, type Definition } from './option-tree.ts'

/** A definition with its value, or with a member of it. */
export interface Contribution {
  readonly definition: Definition
  readonly value: unknown
  /** Of that member; empty for the whole value. */
  readonly keys: readonly string[]
}

export function contributedAt({ definition, keys }: Contribution): Site {
  return inside(definedAt(definition), ...keys)
}

/** First by mkBefore and mkAfter, then imports before importers, then by content: the order of modules never matters. */
export function inOrder(
  contributions: readonly Contribution[],
  rankOf: (definition: Definition) => number,
): readonly Contribution[] {
  if (contributions.length < 2) return contributions
  const keyed = contributions.map((each) => ({
    each,
    order: each.definition.weight.order,
    rank: rankOf(each.definition),
    text: canonicalText(each.value),
  }))
  const sorted = keyed.toSorted(
    (a, b) => a.order - b.order || a.rank - b.rank || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0),
  )
  return sorted.map(({ each }) => each)
}

/** @throws CodedError TN1502 */
export function merged(path: string, contributions: readonly Contribution[]): unknown {
  const [first, ...others] = contributions
  if (first === undefined) return undefined
  if (others.length === 0) return first.value
  if (contributions.every(({ value }) => Array.isArray(value)))
    return contributions.flatMap(({ value }) => value as readonly unknown[]) // just checked
  if (contributions.every(({ value }) => isRecord(value))) return mergedRecords(path, contributions)
  if (others.every(({ value }) => isSame(first.value, value))) return first.value
  throw fault(
    'TN1502',
    `the option '${path}' is set to different values`,
    'Remove one, or say which counts: mkForce(value) for the one that wins, mkDefault(value) for the one that gives way.',
    contributions.map((each) => ({ fact: `set to ${shown(each.value)}`, site: contributedAt(each) })),
  )
}

function mergedRecords(path: string, contributions: readonly Contribution[]): unknown {
  const members = new Map<string, Contribution[]>()
  for (const { definition, value, keys } of contributions)
    for (const [key, member] of Object.entries(value as Readonly<Record<string, unknown>>)) {
      // a record, as the caller checked
      const there = members.get(key)
      const part = { definition, value: member, keys: [...keys, key] }
      if (there === undefined) members.set(key, [part])
      else there.push(part)
    }
  return Object.fromEntries([...members].map(([key, parts]) => [key, merged(`${path}.${key}`, parts)]))
}

function isRecord(value: unknown): boolean {
  return isPlain(value) && refTarget(value) === undefined && !isPackageValue(value)
}

/** References and packages are the same only as one object: texts of theirs may be alike by accident. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (isPackageValue(a) || isPackageValue(b) || hasRefs(a) || hasRefs(b)) return false
  return canonicalText(a) === canonicalText(b)
}
