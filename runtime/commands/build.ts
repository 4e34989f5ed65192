// build.ts — realise a target: load, find what is needed, schedule it on the local engine, report. Prints nothing.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Json } from '../../dsl/plan/json.ts'
import type { ArtifactKind, Expr, PlanWarning } from '../../dsl/plan/plan.ts'
import { labelOf, realisedBy, type Engine } from '../engines/engine.ts'
import { resolve, stepsOf } from '../rebuild/resolve.ts'
import type { Granularity } from '../schedule/grouping.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { endWaiting } from '../sandbox/run-step.ts'
import { schedule } from '../schedule/schedule.ts'
import type { StorePath } from '../store/store-path.ts'
import { BuildRun, type FailedStep } from './build-run.ts'
import { rememberBuild } from './last-build.ts'
import { localEngine, type EngineOptions } from './local-engine.ts'
import { refuseStale, refuseUnlocked } from './lock.ts'
import { loadTarget, type Target, type TargetName } from './target.ts'
import { unitsOf } from './units.ts'
import { watchedBy } from './watched.ts'

export interface BuildOptions extends TargetName, EngineOptions {
  readonly jobs: number
  readonly keepGoing: boolean
  /** Refuse what tenon.lock does not hold. */
  readonly frozen: boolean
  readonly granularity: Granularity
}

export interface ResultArtifact {
  readonly pointer: string
  readonly kind: ArtifactKind
  readonly object: StorePath
  /** The folder or file; of a tree that the store has in layers one is made when this is first asked for. */
  readonly physical: string
  /** Where the store has it; not to be read when it is in layers. */
  readonly place: { readonly path: string; readonly isLayered: boolean }
}
export type { FailedStep }
export interface BuildResult {
  /** null unless `ok`. */
  readonly document: Json
  readonly artifacts: readonly ResultArtifact[]
  readonly ok: boolean
  /** How many steps the document needs. */
  readonly steps: number
  readonly failures: readonly FailedStep[]
  /** What its modules say; they are events too. */
  readonly warnings: readonly PlanWarning[]
  /** What the result rests on; null when that is more than files. Absolute paths, some of which need not exist. */
  readonly watched: () => readonly string[] | null
  /** Lets go of what the build used: until then, or the end of the process, no collection removes it. */
  readonly release: () => void
}

/** @throws CodedError for what stops before any step runs, and TN3799 when interrupted. A failed step is a result. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const target = await loadTarget(options)
  const engine = localEngine(target.loaded, options)
  try {
    return (await realiseDocument(engine, target, target.document, options)).result
  } catch (error) {
    engine.store.release()
    throw error
  }
}

export interface Realised {
  readonly engine: Engine
  readonly result: BuildResult
}
export type RealiseOptions = Pick<
  BuildOptions,
  'jobs' | 'keepGoing' | 'frozen' | 'granularity' | 'signal' | 'onEvent'
>

/** Makes everything that `document` needs present, and the document itself. */
export async function realiseDocument(
  given: Engine,
  target: Target,
  document: Expr,
  options: RealiseOptions,
): Promise<Realised> {
  const { plan, fromCache } = target.loaded
  const graph = neededSteps(plan, document)
  options.onEvent({ kind: 'planned', steps: graph.needs.size, packages: [target.package.name], fromCache })
  const { warnings = [] } = target.loaded
  for (const warning of warnings) options.onEvent({ kind: 'warning', ...warning })
  refuseStale(plan, graph, target.loaded.projectRoot)
  if (options.frozen) refuseUnlocked(plan, graph)
  const run = new BuildRun(given, graph, unitsOf(target, document, graph, given.store, options.granularity))
  const { engine } = run
  let ok = false
  try {
    await schedule(graph, {
      jobs: options.jobs,
      keepGoing: options.keepGoing,
      signal: options.signal,
      run: (index) => run.step(index),
      onSkip: (index, failed) => {
        const [label, becauseOf] = [labelOf(plan, index), labelOf(plan, failed)]
        options.onEvent({ kind: 'step-skipped', label, becauseOf })
      },
    })
    const isWhole = run.failures.length === 0 && !options.signal.aborted
    ok = isWhole && (await run.finish(stepsOf(document)))
  } finally {
    endWaiting(engine.store.home)
    if (ok) engine.objects.dropAll()
    else engine.objects.keepAll()
    engine.places.close()
    rememberBuild(engine, target, run.remembered)
  }
  if (options.signal.aborted) throw new CodedError('TN3799', 'the build was interrupted')
  run.report()
  const watched = (): readonly string[] | null => (ok ? watchedBy(engine, target, graph) : null)
  const { failures } = run
  return {
    engine,
    result: {
      ...(ok ? resultOf(engine, document) : NOTHING),
      ok,
      failures,
      warnings,
      watched,
      release: () => engine.store.release(),
      steps: graph.needs.size,
    },
  }
}

const NOTHING = { document: null, artifacts: [] } as const

function resultOf(engine: Engine, document: Expr): Pick<BuildResult, 'document' | 'artifacts'> {
  const resolved = resolve(document, realisedBy(engine))
  const artifacts = [...resolved.behind].map(([pointer, object]) => ({
    pointer,
    kind: kindOf(engine, object, resolved.value, pointer),
    object,
    get physical() {
      return engine.store.physical(object)
    },
    get place() {
      return engine.store.placeOf(object)
    },
  }))
  return { document: resolved.value, artifacts }
}

function kindOf(engine: Engine, object: StorePath, document: Json, pointer: string): ArtifactKind {
  for (const realisation of engine.realisations.values())
    for (const artifact of realisation.artifacts)
      if (artifact.object === object && pointer.endsWith(artifact.pointer)) return artifact.kind
  return engine.store.object(object)?.kind ?? 'tree'
}
