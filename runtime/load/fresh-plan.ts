// fresh-plan.ts — a load that the cache could not answer: type check beside evaluation, then the new entries.
import type { Planned } from '../../dsl/plan/plan.ts'
import { writeEntry } from './cache-entry.ts'
import type { LoadRequest, PlanEntry } from './load-request.ts'
import { toolFiles } from './own-package.ts'
import { packageFilesOf, steeringFiles } from './package-files.ts'
import { evaluate } from './planning/evaluate.ts'
import { bundlePlan } from './planning/plan-bundle.ts'
import { stampAll } from './stamp.ts'
import { requireTypes } from './types/type-check.ts'

export interface FreshPlanRequest extends LoadRequest {
  readonly projectRoot: string
  readonly key: string
  /** Present when only the verdict on the types is missing. */
  readonly cached: Planned | undefined
  readonly mustCheckTypes: boolean
}

/** An error of types goes before one of planning: it is the cause more often. */
export async function freshPlan(request: FreshPlanRequest): Promise<Planned> {
  const types = request.mustCheckTypes ? requireTypes(request) : Promise.resolve()
  const plan = request.cached === undefined ? evaluated(request) : Promise.resolve(request.cached)
  const [verdict, planned] = await Promise.allSettled([types, plan])
  if (verdict.status === 'rejected') throw verdict.reason
  if (planned.status === 'rejected') throw planned.reason
  return planned.value
}

async function evaluated(request: FreshPlanRequest): Promise<Planned> {
  const startedAtMs = Date.now()
  const bundle = await bundlePlan(request)
  const planned = await evaluate(bundle, request)
  const steering = steeringFiles(request.file, request.projectRoot)
  const inputs = [...bundle.inputs, ...packageFilesOf(bundle.inputs), ...steering, ...toolFiles()]
  const stamps = stampAll(inputs, startedAtMs)
  const entry: PlanEntry = { planned, bodies: bodiesOf(planned) }
  if (stamps !== undefined) writeEntry(request.home, 'plans', request.key, stamps, entry)
  return planned
}

function bodiesOf(planned: Planned): readonly string[] {
  const digests = planned.plan.steps.flatMap(({ body }) => (body.kind === 'module' ? [body.digest] : []))
  return [...new Set(digests)]
}
