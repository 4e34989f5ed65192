// check-reproducible.ts — build, then run every step again and compare what it gives. The store keeps what it has.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { labelOf, type Engine } from '../engines/engine.ts'
import { makeHere } from '../engines/local.ts'
import { orFullDisk } from '../engines/full-disk.ts'
import { runAgain } from '../engines/run-again.ts'
import type { BuildEvent } from '../report/event.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { schedule, type Outcome } from '../schedule/schedule.ts'
import { realiseDocument, type BuildOptions, type BuildResult, type FailedStep } from './build.ts'
import { localEngine } from './local-engine.ts'
import { loadTarget } from './target.ts'

export interface Checked {
  /** Not `ok` when a step gave something else; `failures` says which and where. */
  readonly result: BuildResult
  readonly checked: number
  /** Steps whose content is declared or copied: there is nothing to compare. */
  readonly skipped: number
}

/** @throws CodedError as `build` does. */
export async function checkReproducible(options: BuildOptions): Promise<Checked> {
  const startedAtMs = Date.now()
  const target = await loadTarget(options)
  let finished: Extract<BuildEvent, { kind: 'finished' }> | undefined
  const onEvent = (event: BuildEvent): void => {
    if (event.kind === 'finished') finished = event
    else options.onEvent(event)
  }
  const given = localEngine(target.loaded, { ...options, onEvent })
  // Every step's work trees are needed: they are what the next one is given again.
  const granularity = { kind: 'split' } as const
  const { engine, result } = await realiseDocument(given, target, target.document, {
    ...options,
    granularity,
    onEvent,
  })
  const graph = neededSteps(engine.plan, target.document)
  const steps = [...graph.needs.keys()].filter((index) => isComparable(engine, index))
  const failures = result.ok ? await compareAll(engine, steps, options) : result.failures
  engine.places.close()
  if (options.signal.aborted) throw new CodedError('TN3799', 'the build was interrupted')
  if (finished !== undefined)
    options.onEvent({
      ...finished,
      ran: finished.ran + (result.ok ? steps.length - failures.length : 0),
      failed: failures.length,
      processes: engine.processes(),
      durationMs: Date.now() - startedAtMs,
    })
  return {
    result: failures.length === 0 ? result : { ...result, ok: false, failures },
    checked: steps.length,
    skipped: graph.needs.size - steps.length,
  }
}

function isComparable({ plan }: Engine, index: number): boolean {
  const step = plan.steps[index]
  return step !== undefined && step.body.kind !== 'host' && step.fixedOutput === undefined
}

async function compareAll(
  engine: Engine,
  steps: readonly number[],
  { jobs, signal, onEvent }: BuildOptions,
): Promise<readonly FailedStep[]> {
  const failures: FailedStep[] = []
  for (const index of steps) await makeHere(engine, index)
  await schedule(
    { needs: new Map(steps.map((index) => [index, new Set()])) },
    {
      jobs,
      signal,
      keepGoing: true, // every step that differs is named
      onSkip: () => {},
      run: async (index): Promise<Outcome> => {
        const startedAtMs = Date.now()
        const label = labelOf(engine.plan, index)
        onEvent({ kind: 'step-started', label })
        const error = await errorOf(engine, index)
        const durationMs = Date.now() - startedAtMs
        if (signal.aborted) return 'failed'
        if (error === undefined) {
          onEvent({ kind: 'step-finished', label, from: 'run', durationMs })
          return 'done'
        }
        const failure: FailedStep = {
          kind: 'step-failed',
          label,
          error,
          durationMs,
          logFile: null,
          logTail: [],
        }
        failures.push(failure)
        onEvent(failure)
        return 'failed'
      },
    },
  )
  return failures
}

async function errorOf(engine: Engine, index: number): Promise<CodedError | undefined> {
  const step = engine.plan.steps[index]
  if (step === undefined) throw new Error(`the plan has no step ${index}`)
  try {
    return await runAgain(engine, index, step)
  } catch (thrown) {
    const error = orFullDisk(thrown, engine.store.home)
    if (error instanceof CodedError) return error
    throw error
  }
}
