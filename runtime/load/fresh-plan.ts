// fresh-plan.ts — a load that the cache could not answer: type check beside planning, each in a process of its own.
import type { Planned } from '../../dsl/plan/plan.ts'
import type { PlanRequest } from './planner/make-plan.ts'
import { planInProcess } from './planner/start.ts'
import { requireTypes } from './types/type-check.ts'

export interface FreshPlanRequest extends PlanRequest {
  /** Present when only the verdict on the types is missing. */
  readonly cached: Planned | undefined
  readonly mustCheckTypes: boolean
}

/** An error of types goes before one of planning: it is the cause more often. */
export async function freshPlan({ cached, mustCheckTypes, ...request }: FreshPlanRequest): Promise<Planned> {
  const plan = cached === undefined ? planInProcess(request) : Promise.resolve(cached)
  const types = mustCheckTypes ? requireTypes(request) : Promise.resolve()
  const [verdict, planned] = await Promise.allSettled([types, plan])
  if (verdict.status === 'rejected') throw verdict.reason
  if (planned.status === 'rejected') throw planned.reason
  return planned.value
}
