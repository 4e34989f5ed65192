// record.ts — record(): a chain from records of steps, in byte order of their keys. The chain itself is chain.ts's.
import { CodedError } from '../plan/coded-error.ts'
import { byCodeUnit } from '../plan/json.ts'
import { here } from '../step/site.ts'
import type { Module, StepsOf, VetModules } from '../types/modules.ts'
import { chainValue, type Chain } from './chain.ts'
import { stepNodes } from './edits.ts'
import { checkName } from './name.ts'

/**
 * A chain whose steps are named, and ordered bytewise, by their keys: '100-x' stands before '50-y'. Of several records a
 * later one wins; null removes.
 * @throws CodedError TN1302 for a key that is no name, TN1308 for a value that is no step.
 */
export function record<const N extends string, const Ms extends readonly Module[]>(
  name: N,
  ...modules: Ms extends VetModules<Ms> ? Ms : VetModules<Ms>
): Chain<N, StepsOf<Ms>>
export function record(name: string, ...modules: readonly unknown[]): unknown {
  const merged: Record<string, unknown> = Object.assign({}, ...modules)
  const steps = namedSteps(name, merged)
  return chainValue(
    { kind: 'chain', name: checkName('a chain', name), steps: stepNodes(name, steps), site: here() },
    steps,
  )
}

/** The steps of a record, in order and named by their keys. @throws CodedError TN1302, TN1308 */
export function namedSteps(chain: string, record: Readonly<Record<string, unknown>>): readonly unknown[] {
  const keys = Object.keys(record).filter((key) => record[key] !== null)
  return keys.toSorted(byCodeUnit).map((key) => named(chain, key, record[key]))
}

function named(chain: string, key: string, value: unknown): unknown {
  checkName(`a step of '${chain}'`, key)
  if (typeof value === 'object' && value !== null && 'as' in value && typeof value.as === 'function')
    return value.as(key)
  throw new CodedError('TN1308', `'${chain}' got ${typeof value} as its step '${key}'`, {
    hint: 'Give it a step, a chain or parallel(…), or null for none.',
  })
}
