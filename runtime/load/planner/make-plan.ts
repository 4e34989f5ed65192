// make-plan.ts — a plan made anew, and kept in the cache. Runs in the planner's process; types are checked elsewhere.
import type { LoadRequest } from '../load-request.ts'
import { writeEntryText } from '../cache-entry.ts'
import { toolFiles } from '../own-package.ts'
import { packageFilesOf, steeringFiles } from '../package-files.ts'
import { evaluate } from '../planning/evaluate.ts'
import { bundlePlan } from '../planning/plan-bundle.ts'
import { stampAll } from '../stamp.ts'

export interface PlanRequest extends LoadRequest {
  readonly projectRoot: string
  /** Of the cache's entry. */
  readonly key: string
}

/** The JSON text of `Planned`. @throws CodedError TN11xx, TN12xx, and what the build file's own calls found. */
export async function makePlan(request: PlanRequest): Promise<string> {
  const startedAtMs = Date.now()
  const { inputs, bodies, ...bundle } = await bundlePlan(request)
  const planned = await evaluate(bundle, request)
  const steering = steeringFiles(request.file, request.projectRoot)
  const stamps = stampAll([...inputs, ...packageFilesOf(inputs), ...steering, ...toolFiles()], startedAtMs)
  if (stamps !== undefined) {
    const entry = `{"bodies":${JSON.stringify(bodies)},"planned":${planned}}` // a PlanEntry
    writeEntryText(request.home, 'plans', request.key, stamps, entry)
  }
  return planned
}
