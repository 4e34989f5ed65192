// build-run.ts — one build under way: runs single steps, counts, drops work trees that nobody needs any more. Order is the scheduler's.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { labelOf, type Engine } from '../engines/engine.ts'
import { stepsToCome } from '../schedule/steps-to-come.ts'
import { failedStepOf, makeHere, realiseStep } from '../engines/local.ts'
import type { BuildEvent } from '../report/event.ts'
import type { Grouping } from '../schedule/grouping.ts'
import type { Graph, Outcome } from '../schedule/schedule.ts'
import type { Realisation } from '../store/realisation.ts'
import { noRoom } from '../store/files/full-file-system.ts'
import type { StorePath } from '../store/store-path.ts'
import type { RememberedStep } from './last-build.ts'
import { failureInSource } from './failure-in-source.ts'
import { readLogTail } from './log-tail.ts'

export type FailedStep = Extract<BuildEvent, { kind: 'step-failed' }>

export class BuildRun {
  readonly engine: Engine
  readonly failures: FailedStep[] = []
  readonly remembered = new Map<number, RememberedStep>()
  readonly #graph: Graph
  readonly #startedAtMs = Date.now()
  readonly #ended = new Map<number, 'store' | 'run'>()
  /** Of each step: how many of those that need it are not done yet. */
  readonly #waiting = new Map<number, number>()

  constructor(engine: Engine, graph: Graph, { keeps }: Grouping) {
    this.#graph = graph
    const isToCome = (step: number): boolean => graph.needs.has(step) && !this.#ended.has(step)
    this.engine = {
      ...engine,
      keeps,
      toCome: (step) => stepsToCome(engine.plan, step, isToCome),
      onEvent: (event) => this.#onEvent(event, engine.onEvent),
    }
    for (const needs of graph.needs.values())
      for (const need of needs) this.#waiting.set(need, (this.#waiting.get(need) ?? 0) + 1)
  }

  async step(index: number): Promise<Outcome> {
    const startedAtMs = Date.now()
    return await this.#guard(index, startedAtMs, async () => {
      const { realisation, from } = await realiseStep(this.engine, index)
      this.engine.realisations.set(index, realisation)
      const durationMs = Date.now() - startedAtMs
      this.engine.onEvent({
        kind: 'step-finished',
        label: labelOf(this.engine.plan, index),
        from,
        durationMs,
      })
      this.#remember(index, realisation)
      this.#dropUnneeded(index, realisation)
    })
  }

  /** Makes what the target itself is made of present, and the store's. */
  async finish(steps: readonly number[]): Promise<boolean> {
    for (const index of new Set(steps)) {
      const outcome = await this.#guard(index, Date.now(), () => makeHere(this.engine, index))
      if (outcome === 'failed') return false
      for (const object of workTreesOf(this.engine.realisations.get(index))) this.engine.objects.keep(object)
    }
    return true
  }

  report(): void {
    const ends = [...this.#ended.values()]
    this.engine.onEvent({
      kind: 'finished',
      ran: ends.filter((from) => from === 'run').length,
      found: ends.filter((from) => from === 'store').length,
      failed: this.failures.length,
      processes: this.engine.processes(),
      durationMs: Date.now() - this.#startedAtMs,
    })
  }

  async #guard(index: number, startedAtMs: number, work: () => Promise<void>): Promise<Outcome> {
    try {
      await work()
      return 'done'
    } catch (thrown) {
      if (this.engine.signal.aborted) return 'failed'
      const error = noRoom(thrown, this.engine.store.home) ?? thrown
      if (!(error instanceof CodedError)) throw error
      this.#fail(failedStepOf(error) ?? index, error, Date.now() - startedAtMs)
      return 'failed'
    }
  }

  #onEvent(event: BuildEvent, forward: (event: BuildEvent) => void): void {
    if (event.kind === 'step-finished') this.#ended.set(event.label.index, event.from)
    forward(event)
  }

  #remember(index: number, realisation: Realisation): void {
    this.remembered.set(index, { key: this.engine.keys.get(index) ?? realisation.key, failed: false })
  }

  #dropUnneeded(index: number, realisation: Realisation): void {
    for (const object of workTreesOf(realisation)) this.engine.objects.use(object)
    for (const need of this.#graph.needs.get(index) ?? []) {
      const left = (this.#waiting.get(need) ?? 1) - 1
      this.#waiting.set(need, left)
      if (left > 0) continue
      for (const object of workTreesOf(this.engine.realisations.get(need)))
        this.engine.objects.release(object)
    }
  }

  #fail(index: number, error: CodedError, durationMs: number): void {
    const { plan, keys, store } = this.engine
    const key = keys.get(index)
    const log = key === undefined ? null : readLogTail(store.logFile(key))
    if (key !== undefined) this.remembered.set(index, { key, failed: true })
    const label = labelOf(plan, index)
    const told = failureInSource(error, log?.tail ?? [], plan.steps[index]?.body, store.home)
    const failure: FailedStep = {
      kind: 'step-failed',
      label,
      durationMs,
      logFile: log?.file ?? null,
      ...told,
    }
    this.failures.push(failure)
    this.engine.onEvent(failure)
  }
}

function workTreesOf(realisation: Realisation | undefined): readonly StorePath[] {
  const artifacts = realisation?.artifacts ?? []
  return artifacts.filter(({ kind }) => kind === 'workTree').map(({ object }) => object)
}
