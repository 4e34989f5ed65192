// load-request.ts — what a load is asked for, and what the cache keeps of its answer.
import type { Planned, PlanningContext } from '../../dsl/plan/plan.ts'

export interface LoadRequest {
  /** Absolute. */
  readonly file: string
  /** $TENON_HOME, absolute. */
  readonly home: string
  readonly context: PlanningContext
  /** false: the plan alone. */
  readonly typeCheck: boolean
}

/** What the cache keeps of a plan. */
export interface PlanEntry {
  readonly planned: Planned
  /** Digests of the bodies that the plan may name; their files lie beside, and may have been deleted. */
  readonly bodies: readonly string[]
}
