// edits.ts — edits of a list of step values by name, checked as the types check them: JavaScript has no types.
import { CodedError } from '../plan/coded-error.ts'
import { nearest } from '../step/nearest.ts'
import type { ChainNode, Node } from './node.ts'

/** The nodes of step values. @throws CodedError TN1306, TN1308 */
export function stepNodes(chain: string, values: readonly unknown[]): readonly Node[] {
  const nodes = values.map((value, i) => stepNode(`'${chain}'`, i + 1, value))
  const names = new Set<string>()
  for (const { name } of nodes) {
    if (names.has(name))
      throw new CodedError('TN1306', `chain '${chain}' has two steps named '${name}'`, {
        hint: `Name one of them otherwise: .as('${name}-2').`,
      })
    names.add(name)
  }
  return Object.freeze(nodes)
}

/** The node of one step value. @throws CodedError TN1308 */
export function stepNode(owner: string, place: number | string, value: unknown): Node {
  if (typeof value === 'object' && value !== null && '~node' in value) return value['~node'] as Node // only we make such values
  const found = typeof value === 'function' ? 'a function' : value === null ? 'null' : `a ${typeof value}`
  throw new CodedError('TN1308', `${owner} got ${found} where its step ${place} should be`, {
    hint:
      typeof value === 'function'
        ? 'Call what defineStep gave: make(), not make.'
        : 'Give it a step, a chain or parallel(…).',
  })
}

export function inserted(
  chain: ChainNode,
  values: readonly unknown[],
  at: string,
  offset: 0 | 1,
  value: unknown,
): readonly unknown[] {
  return values.toSpliced(indexOf(chain, at) + offset, 0, value)
}

export function replaced(
  chain: ChainNode,
  values: readonly unknown[],
  at: string,
  value: unknown,
): readonly unknown[] {
  return values.with(indexOf(chain, at), value)
}

export function removed(chain: ChainNode, values: readonly unknown[], at: string): readonly unknown[] {
  return values.toSpliced(indexOf(chain, at), 1)
}

function indexOf(chain: ChainNode, name: string): number {
  const names = chain.steps.map((step) => step.name)
  const index = names.indexOf(name)
  if (index >= 0) return index
  throw new CodedError('TN1307', `chain '${chain.name}' has no step named '${name}'`, {
    hint: nearest(name, names),
  })
}
