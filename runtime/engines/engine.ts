// engine.ts — what the local engine is given for one build: the plan, the store, the user's choices, where events go.
import type { Digest } from '../../dsl/plan/digest.ts'
import type { Plan } from '../../dsl/plan/plan.ts'
import type { Mirror } from '../fetch/mirror.ts'
import type { BuildObjects } from './objects.ts'
import type { PlacePool } from './places/place-pool.ts'
import type { BuildEvent, StepLabel } from '../report/event.ts'
import type { HostView } from '../sandbox/host-tools.ts'
import type { Rung } from '../sandbox/rungs.ts'
import type { Realisation } from '../store/realisation.ts'
import type { Store } from '../store/store.ts'

export interface Engine {
  readonly plan: Plan
  readonly store: Store
  readonly projectRoot: string
  readonly mirrors: readonly Mirror[]
  readonly offline: boolean
  readonly keepFailed: boolean
  readonly maxLogBytes: number
  readonly signal: AbortSignal
  readonly onEvent: (event: BuildEvent) => void
  /** Steps whose stored result is passed over. */
  readonly isForced: (step: number) => boolean
  /** Filled as steps are realised. */
  readonly realisations: Map<number, Realisation>
  /** Steps that are made again because an earlier build did not keep their work trees. */
  readonly making: Map<number, Promise<void>>
  readonly objects: BuildObjects
  readonly places: PlacePool
  readonly views: Map<string, Promise<HostView>>
  /** Whether the store keeps the work trees of a step: those of the last step of a unit. */
  readonly keeps: (step: number) => boolean
  /** How many steps that run in the same root with the same interpreter are to come, as far as the plan tells. */
  readonly toCome: (step: number) => number
  /** The action keys computed so far. */
  readonly keys: Map<number, Digest>
  /** The strongest rung that works, probed when the first step has to run. */
  readonly rung: () => Promise<Rung>
  /** A hash that tenon.lock does not hold yet. */
  readonly lock: (lockKey: string, hash: string) => Promise<void>
  /** Files of this machine that tools were fingerprinted by, where no package owns them. */
  readonly hostFiles: Set<string>
  /** Called for every process tree that is started. */
  readonly onProcess: () => void
  /** How many were. */
  readonly processes: () => number
}

/** How one step ended; failures are values, only bugs and cancellation are thrown. */
export interface StepRun {
  readonly realisation: Realisation
  readonly from: 'store' | 'run'
}

export function labelOf(plan: Plan, index: number): StepLabel {
  const step = plan.steps[index]
  return { index, chain: step?.chain ?? '?', step: step?.name ?? '?' }
}

/** The realisation of an earlier step; asking for one that is not there is our bug. */
export function realisedBy(engine: Engine): (step: number) => Realisation {
  return (step) => {
    const realisation = engine.realisations.get(step)
    if (realisation === undefined) throw new Error(`step ${step} is needed before it is realised`)
    return realisation
  }
}
