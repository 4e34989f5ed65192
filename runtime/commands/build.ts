// build.ts — realise a target: load, find what is needed, schedule it on the local engine, report. Prints nothing.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Json } from '../../dsl/plan/json.ts'
import type { ArtifactKind, Expr } from '../../dsl/plan/plan.ts'
import { labelOf, realisedBy, type Engine } from '../engines/engine.ts'
import { realiseStep } from '../engines/local.ts'
import { localEngine, type EngineOptions } from './local-engine.ts'
import { resolve } from '../rebuild/resolve.ts'
import type { BuildEvent, StepLabel } from '../report/event.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { schedule, type Graph, type Outcome } from '../schedule/schedule.ts'
import type { StorePath } from '../store/store-path.ts'
import { rememberBuild, type RememberedStep } from './last-build.ts'
import { readLogTail } from './log-tail.ts'
import { loadTarget, type Target, type TargetName } from './target.ts'

export interface BuildOptions extends TargetName, EngineOptions {
  readonly jobs: number
  readonly keepGoing: boolean
  /** Refuse what tenon.lock does not hold. */
  readonly frozen: boolean
}

export interface ResultArtifact {
  readonly pointer: string
  readonly kind: ArtifactKind
  readonly object: StorePath
  readonly physical: string
}
export type FailedStep = Extract<BuildEvent, { kind: 'step-failed' }>
export interface BuildResult {
  /** null unless `ok`. */
  readonly document: Json
  readonly artifacts: readonly ResultArtifact[]
  readonly ok: boolean
  readonly failures: readonly FailedStep[]
}

/** @throws CodedError for what stops before any step runs, and TN3799 when interrupted. A failed step is a result. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const target = await loadTarget(options)
  const engine = localEngine(target.loaded, options)
  const { result } = await realiseDocument(engine, target, target.document, options)
  return result
}

export interface Realised {
  readonly engine: Engine
  readonly result: BuildResult
}

/** Makes everything that `document` needs present, and the document itself. */
export async function realiseDocument(
  engine: Engine,
  target: Target,
  document: Expr,
  options: Pick<BuildOptions, 'jobs' | 'keepGoing' | 'frozen' | 'signal' | 'onEvent'>,
): Promise<Realised> {
  const { plan, fromCache } = target.loaded
  const graph = neededSteps(plan, document)
  options.onEvent({ kind: 'planned', steps: graph.needs.size, packages: [target.package.name], fromCache })
  if (options.frozen) refuseUnlocked(engine, graph)
  const run = new BuildRun(engine)
  try {
    await schedule(graph, {
      jobs: options.jobs,
      keepGoing: options.keepGoing,
      signal: options.signal,
      run: (index) => run.step(index),
      onSkip: (index, failed) =>
        options.onEvent({
          kind: 'step-skipped',
          label: labelOf(plan, index),
          becauseOf: labelOf(plan, failed),
        }),
    })
  } finally {
    rememberBuild(engine, target, run.remembered)
  }
  if (options.signal.aborted) throw new CodedError('TN3799', 'the build was interrupted')
  run.report()
  const ok = run.failures.length === 0
  return { engine, result: { ...(ok ? resultOf(engine, document) : NOTHING), ok, failures: run.failures } }
}

const NOTHING = { document: null, artifacts: [] } as const

function resultOf(engine: Engine, document: Expr): Pick<BuildResult, 'document' | 'artifacts'> {
  const resolved = resolve(document, realisedBy(engine))
  const artifacts = [...resolved.behind].map(([pointer, object]) => ({
    pointer,
    kind: kindOf(engine, object, resolved.value, pointer),
    object,
    physical: engine.store.physical(object),
  }))
  return { document: resolved.value, artifacts }
}

function kindOf(engine: Engine, object: StorePath, document: Json, pointer: string): ArtifactKind {
  for (const realisation of engine.realisations.values())
    for (const artifact of realisation.artifacts)
      if (artifact.object === object && pointer.endsWith(artifact.pointer)) return artifact.kind
  return engine.store.object(object)?.kind ?? 'tree'
}

function refuseUnlocked(engine: Engine, graph: Graph): void {
  const unlocked = [...graph.needs.keys()].flatMap((index) => {
    const step = engine.plan.steps[index]
    return step?.fixedOutput?.hash === null
      ? [`${step.chain}@${step.name}: ${step.fixedOutput.lockKey ?? '(no key)'}`]
      : []
  })
  if (unlocked.length > 0)
    throw new CodedError(
      'TN4900',
      `tenon.lock lacks ${unlocked.length === 1 ? 'a hash' : `${unlocked.length} hashes`} and --frozen forbids to add any`,
      {
        details: unlocked,
        hint: 'run the build once without --frozen, look at the change of tenon.lock, and commit it',
      },
    )
}

/** Holds what one build has counted so far. */
class BuildRun {
  readonly failures: FailedStep[] = []
  readonly remembered = new Map<number, RememberedStep>()
  readonly #engine: Engine
  readonly #startedAtMs = Date.now()
  #ran = 0
  #found = 0

  constructor(engine: Engine) {
    this.#engine = engine
  }

  async step(index: number): Promise<Outcome> {
    const startedAtMs = Date.now()
    const label = labelOf(this.#engine.plan, index)
    try {
      const { realisation, from } = await realiseStep(this.#engine, index)
      this.#engine.realisations.set(index, realisation)
      this.remembered.set(index, { key: this.#engine.keys.get(index) ?? realisation.key, failed: false })
      if (from === 'run') this.#ran++
      else this.#found++
      this.#engine.onEvent({ kind: 'step-finished', label, from, durationMs: Date.now() - startedAtMs })
      return 'done'
    } catch (error) {
      if (this.#engine.signal.aborted) return 'failed'
      if (!(error instanceof CodedError)) throw error
      this.#fail(index, label, error, Date.now() - startedAtMs)
      return 'failed'
    }
  }

  #fail(index: number, label: StepLabel, error: CodedError, durationMs: number): void {
    const key = this.#engine.keys.get(index)
    const log = key === undefined ? null : readLogTail(this.#engine.store.logFile(key))
    if (key !== undefined) this.remembered.set(index, { key, failed: true })
    const failure: FailedStep = {
      kind: 'step-failed',
      label,
      error,
      durationMs,
      ...{
        logFile: log?.file ?? null,
        logTail: log?.tail ?? [],
      },
    }
    this.failures.push(failure)
    this.#engine.onEvent(failure)
  }

  report(): void {
    this.#engine.onEvent({
      kind: 'finished',
      ran: this.#ran,
      found: this.#found,
      failed: this.failures.length,
      ...{
        processes: this.#engine.processes(),
        durationMs: Date.now() - this.#startedAtMs,
      },
    })
  }
}
