// local.ts — the local engine: one step of the plan is found in the store, or run here and stored.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { prepareStep, type PreparedStep } from '../rebuild/prepare.ts'
import type { Realisation } from '../store/realisation.ts'
import { admitOutput } from './admit-output.ts'
import { labelOf, realisedBy, type Engine, type StepRun } from './engine.ts'
import { checkFixedOutput, fixedKey } from './fixed-output.ts'
import { realiseFetch } from './host-fetch.ts'
import { realiseSource } from './host-source.ts'
import { answerOf, layOut } from './run-body.ts'
import { storedResult } from './stored.ts'

/**
 * Makes the outputs of step `index` present; those of the steps it needs must be.
 * @throws CodedError when the step fails; nothing of it is stored then.
 */
export async function realiseStep(engine: Engine, index: number): Promise<StepRun> {
  const step = engine.plan.steps[index]
  if (step === undefined) throw new Error(`the plan has no step ${index}`)
  if (step.body.kind === 'host')
    return step.body.operation === 'fetch'
      ? await realiseFetch(engine, index, step)
      : realiseSource(engine, index, step)
  const fixed = fixedKey(step)
  const found = await storedResult(engine, index, fixed)
  if (found !== undefined) return { realisation: found, from: 'store' }
  const prepared = await prepareStep(step, {
    plan: engine.plan,
    store: engine.store,
    realised: realisedBy(engine),
  })
  engine.keys.set(index, prepared.key)
  return await realisePrepared(engine, index, prepared)
}

async function realisePrepared(engine: Engine, index: number, prepared: PreparedStep): Promise<StepRun> {
  const { store } = engine
  const early = await storedResult(engine, index, prepared.key)
  if (early !== undefined) return { realisation: early, from: 'store' }
  // Another build over this store may be running the same action: wait for it, then look again.
  const release = await store.lockKey(prepared.key, { signal: engine.signal })
  try {
    const meanwhile = await storedResult(engine, index, prepared.key)
    if (meanwhile !== undefined) return { realisation: meanwhile, from: 'store' }
    return { realisation: await runAndStore(engine, index, prepared), from: 'run' }
  } finally {
    release()
  }
}

async function runAndStore(engine: Engine, index: number, prepared: PreparedStep): Promise<Realisation> {
  const { store } = engine
  const startedAtMs = Date.now()
  engine.onEvent({ kind: 'step-started', label: labelOf(engine.plan, index) })
  const scratch = store.scratch(`${prepared.step.chain}-${prepared.step.name}`)
  let succeeded = false
  try {
    const spec = await layOut(engine, prepared, index, scratch)
    const response = await answerOf(engine, spec, prepared)
    const output = admitOutput(engine.plan, store, { prepared, spec, response })
    const hash = await checkFixedOutput(engine, prepared.step, output)
    const realisation: Realisation = {
      format: 1,
      key: fixedKey(prepared.step, hash) ?? prepared.key,
      ...output,
      rung: spec.rung,
      durationMs: Date.now() - startedAtMs,
      at: new Date(startedAtMs).toISOString(),
    }
    store.putAction(prepared.key, prepared.description)
    store.record(realisation)
    succeeded = true
    return realisation
  } catch (error) {
    if (error instanceof CodedError && engine.keepFailed)
      engine.onEvent({ kind: 'warning', message: `kept the files of the failed step: ${scratch.directory}` })
    throw error
  } finally {
    if (succeeded || !engine.keepFailed) scratch.remove()
  }
}
