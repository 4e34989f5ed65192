// lock-purpose.ts — what a hash in tenon.lock was made for: an entry that was made by a step of other params or another body is stale.
import { digestOf } from '../../dsl/plan/digest.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import type { Plan, PlannedStep } from '../../dsl/plan/plan.ts'

/**
 * null for what is fetched by Tenon itself: the key of its entry, a URL or a package version, says all there is to say.
 * Steps of other chains count by their names: their numbers change with the plan.
 */
export function lockPurpose(plan: Plan, step: PlannedStep): string | null {
  if (step.body.kind === 'host') return null
  const named = JSON.stringify([step.body, step.params, step.input], (key, value: unknown) =>
    key === 'step' && typeof value === 'number'
      ? `${plan.steps[value]?.chain}@${plan.steps[value]?.name}`
      : value,
  )
  return digestOf(canonicalJson(JSON.parse(named))).slice(0, 16)
}

/** The text of an entry: SRI, with what it is for as an option of the hash. */
export function withPurpose(hash: string, purpose: string | null): string {
  return purpose === null ? hash : `${hash}?of=${purpose}`
}

export function splitLocked(entry: string): { readonly hash: string; readonly purpose: string | null } {
  const at = entry.indexOf('?of=')
  return at === -1
    ? { hash: entry, purpose: null }
    : { hash: entry.slice(0, at), purpose: entry.slice(at + 4) }
}
