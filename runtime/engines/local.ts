// local.ts — the local engine: one step of the plan is found in the store, or run here and stored.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { needsOf } from '../rebuild/needs.ts'
import { prepareStep, type PreparedStep } from '../rebuild/prepare.ts'
import type { Realisation } from '../store/realisation.ts'
import { admitOutput } from './admit-output.ts'
import { labelOf, realisedBy, type Engine, type StepRun } from './engine.ts'
import { admitFixedOutput, fixedKey } from './fixed-output.ts'
import { realiseFetch } from './host-fetch.ts'
import { realiseSource } from './host-source.ts'
import { withAnswer } from './run-body.ts'
import { isHere, storedResult } from './stored.ts'

/**
 * Finds or makes the result of step `index`; those of the steps it needs must be known. What is found may be a result whose work
 * trees an earlier build did not keep: `makeHere` makes them.
 * @throws CodedError when the step fails; nothing of it is stored then.
 */
export async function realiseStep(engine: Engine, index: number): Promise<StepRun> {
  const step = stepAt(engine, index)
  if (step.body.kind === 'host')
    return step.body.operation === 'fetch'
      ? await realiseFetch(engine, index, step)
      : realiseSource(engine, index, step)
  const fixed = await storedResult(engine, index, fixedKey(step))
  if (fixed !== undefined) return { realisation: fixed, from: 'store' }
  const prepared = await prepare(engine, index)
  const found = await storedResult(engine, index, prepared.key)
  return found === undefined ? await runOnce(engine, index, prepared) : { realisation: found, from: 'store' }
}

/** Runs the steps again whose results are known, but whose work trees are not here. */
export async function makeHere(engine: Engine, index: number): Promise<void> {
  if (hasHere(engine, index)) return
  const pending = engine.making.get(index) ?? makeAgain(engine, index)
  engine.making.set(index, pending)
  await pending
}

function hasHere(engine: Engine, index: number): boolean {
  const known = engine.realisations.get(index)
  return known !== undefined && isHere(engine, known)
}

async function makeAgain(engine: Engine, index: number): Promise<void> {
  const startedAtMs = Date.now()
  const isHost = stepAt(engine, index).body.kind === 'host'
  const { realisation, from } = await (isHost ? realiseStep(engine, index) : runOnce(engine, index))
  engine.realisations.set(index, realisation)
  const durationMs = Date.now() - startedAtMs
  engine.onEvent({ kind: 'step-finished', label: labelOf(engine.plan, index), from, durationMs })
}

const failedSteps = new WeakMap<Error, number>()

/** Which step an error is of: a step can fail because one before it had to be made again. */
export function failedStepOf(error: Error): number | undefined {
  return failedSteps.get(error)
}

async function prepare(engine: Engine, index: number): Promise<PreparedStep> {
  const { plan, store, objects, views } = engine
  const prepared = await prepareStep(stepAt(engine, index), {
    plan,
    store,
    objects,
    views,
    realised: realisedBy(engine),
  })
  engine.keys.set(index, prepared.key)
  for (const file of prepared.view.files) engine.hostFiles.add(file)
  return prepared
}

function stepAt(engine: Engine, index: number): PlannedStep {
  const step = engine.plan.steps[index]
  if (step === undefined) throw new Error(`the plan has no step ${index}`)
  return step
}

/** Runs the step, unless another build over this store does so first. */
async function runOnce(engine: Engine, index: number, known?: PreparedStep): Promise<StepRun> {
  const missing = [...needsOf(stepAt(engine, index))].filter((need) => !hasHere(engine, need))
  for (const need of missing) await makeHere(engine, need)
  // What was made again may have come out otherwise.
  const prepared = known === undefined || missing.length > 0 ? await prepare(engine, index) : known
  const release = await engine.store.lockKey(prepared.key, { signal: engine.signal })
  try {
    const meanwhile = await storedResult(engine, index, prepared.key)
    if (meanwhile !== undefined && isHere(engine, meanwhile)) return { realisation: meanwhile, from: 'store' }
    return { realisation: await runAndStore(engine, index, prepared), from: 'run' }
  } finally {
    release()
  }
}

async function runAndStore(engine: Engine, index: number, prepared: PreparedStep): Promise<Realisation> {
  const { store } = engine
  const startedAtMs = Date.now()
  engine.onEvent({ kind: 'step-started', label: labelOf(engine.plan, index) })
  try {
    return await withAnswer(engine, prepared, index, async (answered) => {
      const isFixed = prepared.step.fixedOutput !== undefined
      const fixed = isFixed ? await admitFixedOutput(engine, answered) : null
      const { document, artifacts, passing } = fixed ?? admitOutput(engine, index, answered)
      const realisation: Realisation = {
        format: 1,
        key: (fixed && fixedKey(prepared.step, fixed.hash)) ?? prepared.key,
        document,
        artifacts,
        ...(passing.length === 0 ? {} : { passing }),
        rung: answered.spec.rung,
        durationMs: Date.now() - startedAtMs,
        at: new Date(startedAtMs).toISOString(),
      }
      store.record(realisation, prepared.description())
      return realisation
    })
  } catch (error) {
    if (error instanceof CodedError) failedSteps.set(error, index)
    throw error
  }
}
