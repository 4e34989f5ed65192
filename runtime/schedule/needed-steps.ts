// needed-steps.ts — which steps a document needs, and what each of them needs: the part of the plan to realise.
import type { Expr, Plan } from '../../dsl/plan/plan.ts'
import { needsOf } from '../rebuild/needs.ts'
import { stepsOf } from '../rebuild/resolve.ts'
import type { Graph } from './schedule.ts'

/** The steps behind `document`, each with the steps that it needs itself, in order of their numbers. */
export function neededSteps(plan: Plan, document: Expr): Graph {
  const needs = new Map<number, ReadonlySet<number>>()
  const open = [...stepsOf(document)]
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const step = plan.steps[index]
    if (step === undefined || needs.has(index)) continue
    const direct = needsOf(step)
    needs.set(index, direct)
    open.push(...direct)
  }
  return { needs: new Map([...needs].toSorted(([a], [b]) => a - b)) }
}
