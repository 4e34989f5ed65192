// lock.ts — tenon.lock as a build uses it: hashes for planning, and the refusal of what it lacks or what is stale in it.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Plan, PlannedStep } from '../../dsl/plan/plan.ts'
import { readLock } from '../fetch/lock-file.ts'
import { lockPurpose, splitLocked } from '../rebuild/lock-purpose.ts'
import type { Graph } from '../schedule/schedule.ts'

/** Lock key → hash, as planning takes it. @throws CodedError TN4100–TN4103 */
export function lockedHashes(projectRoot: string): Readonly<Record<string, string>> {
  const entries = Object.entries(readLock(projectRoot))
  return Object.fromEntries(entries.map(([key, entry]) => [key, splitLocked(entry).hash]))
}

/** @throws CodedError TN4910 when an entry was made for other params or another body than the step has now. */
export function refuseStale(plan: Plan, graph: Graph, projectRoot: string): void {
  const locked = readLock(projectRoot)
  const stale = lockedSteps(plan, graph).flatMap(({ step, lockKey }) => {
    const { purpose } = splitLocked(locked[lockKey] ?? '')
    return purpose === null || purpose === lockPurpose(plan, step)
      ? []
      : [`${step.chain}@${step.name}: ${lockKey}`]
  })
  if (stale.length === 0) return
  throw new CodedError('TN4910', 'tenon.lock holds hashes that were made for other params of their steps', {
    details: stale,
    hint: 'run `tenon update` to make them again, look at the change of tenon.lock, and commit it',
  })
}

/** @throws CodedError TN4900 when a hash is missing. */
export function refuseUnlocked(plan: Plan, graph: Graph): void {
  const unlocked = [...graph.needs.keys()].flatMap((index) => {
    const step = plan.steps[index]
    return step?.fixedOutput?.hash === null
      ? [`${step.chain}@${step.name}: ${step.fixedOutput.lockKey ?? '(no key)'}`]
      : []
  })
  if (unlocked.length === 0) return
  const what = unlocked.length === 1 ? 'a hash' : `${unlocked.length} hashes`
  throw new CodedError('TN4900', `tenon.lock lacks ${what} and --frozen forbids to add any`, {
    details: unlocked,
    hint: 'run the build once without --frozen, look at the change of tenon.lock, and commit it',
  })
}

function lockedSteps(
  plan: Plan,
  graph: Graph,
): readonly { readonly step: PlannedStep; readonly lockKey: string }[] {
  return [...graph.needs.keys()].flatMap((index) => {
    const step = plan.steps[index]
    const lockKey = step?.fixedOutput?.lockKey
    return step === undefined || lockKey == null ? [] : [{ step, lockKey }]
  })
}
