// steps-to-come.ts — how many steps like one are about to run, so that rooms for them can be made ahead. Decides nothing else.
import { canonicalJson } from '../../dsl/plan/json.ts'
import type { Plan, PlannedStep } from '../../dsl/plan/plan.ts'
import { interpreterOf } from '../rebuild/prepare.ts'

/** A guess is enough: more rooms than this never wait. */
const LOOK_AHEAD = 16

/** Among the next steps of the plan. Some may turn out to be stored already. */
export function stepsToCome(plan: Plan, index: number, isToCome: (step: number) => boolean): number {
  const [step, ...next] = plan.steps.slice(index, index + 1 + LOOK_AHEAD)
  if (step === undefined) return 0
  const likeness = likenessOf(step)
  return next.filter((other, i) => isToCome(index + 1 + i) && likenessOf(other) === likeness).length
}

/** What decides the root, the interpreter and the environment of a step. */
function likenessOf(step: PlannedStep): string | null {
  if (step.body.kind === 'host') return null
  const likeness = likenesses.get(step) ?? canonicalJson([interpreterOf(step), step.network, step.tools])
  likenesses.set(step, likeness) // a step is asked about by all that are just before it
  return likeness
}
const likenesses = new WeakMap<PlannedStep, string>()
