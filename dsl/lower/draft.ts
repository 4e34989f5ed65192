// draft.ts — a plan in the making, shared by all that lower a part of it.
import type { Node, Site } from '../chain/node.ts'
import { CodedError } from '../plan/coded-error.ts'
import type {
  JsonSchema,
  PlannedPackage,
  PlannedStep,
  PlanningContext,
  PlanWarning,
  PropertyPath,
  SourcePosition,
} from '../plan/plan.ts'
import { pool, type Pool } from './pool.ts'

export interface RealmContext extends PlanningContext {
  /** The first frame of a stack outside of Tenon's own files, in the original source; there the member that is meant. */
  readonly locate: (stack: string, property?: PropertyPath) => SourcePosition | null
  /** Absolute; project sources are named relative to it. */
  readonly projectRoot: string
}

export interface Draft {
  readonly context: RealmContext
  readonly schemas: Pool<JsonSchema>
  readonly steps: Pool<PlannedStep>
  readonly positions: (SourcePosition | null)[]
  readonly packages: Map<Node, PlannedPackage>
  readonly warnings: PlanWarning[]
}

export function newDraft(context: RealmContext): Draft {
  return { context, schemas: pool(), steps: pool(), positions: [], packages: new Map(), warnings: [] }
}

export function positionOf(draft: Draft, site: Site): SourcePosition | null {
  return site.stack === undefined ? null : draft.context.locate(site.stack, site.property)
}

/** An error at the place where a value was made. */
export function planError(
  draft: Draft,
  site: Site,
  code: string,
  fact: string,
  options: { readonly hint: string; readonly details?: readonly string[]; readonly cause?: unknown },
): CodedError {
  const position = positionOf(draft, site)
  return new CodedError(code, fact, position === null ? options : { ...options, position })
}
