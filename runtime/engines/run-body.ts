// run-body.ts — one prepared step in the sandbox: lay out its place, run it, say how it ended.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { moduleFile } from '../rebuild/module-file.ts'
import { interpreterOf, type PreparedStep } from '../rebuild/prepare.ts'
import { hasOwnRoot, type Rung } from '../sandbox/rung/rung.ts'
import { overlaysWork } from '../sandbox/supervisor/overlays.ts'
import { runStep, type StepExit, type StepPlace, type StepSpec } from '../sandbox/run-step.ts'
import type { StepBody } from '../sandbox/step/spec.ts'
import { labelOf, type Engine } from './engine.ts'
import { orFullDisk } from './full-disk.ts'
import type { Answered } from './output-sources.ts'
import type { Medium } from './places/place-pool.ts'
import { Checkout } from './trees/checkout.ts'

/** Whether steps can be given work trees in layers; else they get copies. */
async function usesLayers(engine: Engine): Promise<boolean> {
  return (await engine.rung()) === 'supervisor' && (await overlaysWork(engine.store.home))
}

/** Where a step runs; copies of work trees go to `work`, which need not be there. */
export interface Where {
  readonly place: StepPlace
  readonly work: string
}

/** Copies the work trees, or lays them out in layers; says all that the sandbox must know. Nothing has run yet. */
export async function layOut(
  engine: Engine,
  prepared: PreparedStep,
  index: number,
  { place, work }: Where,
  inLayers = false,
): Promise<StepSpec> {
  const workTrees = prepared.workTrees.map(({ path, object }, i) => {
    if (inLayers) return engine.objects.checkOut(path, object)
    mkdirSync(work, { recursive: true })
    const physical = join(work, String(i))
    engine.objects.materialise(object, physical)
    return { path, physical }
  })
  const label = labelOf(engine.plan, index)
  return {
    rung: await engine.rung(),
    interpreter: interpreterOf(prepared.step),
    body: bodyOf(engine, prepared),
    request: prepared.request,
    inputs: prepared.closure.map(({ path, kind }) => ({ path, physical: engine.store.physical(path), kind })),
    workTrees,
    outputs: prepared.outputs.flatMap(({ pointer, placeholder }) =>
      placeholder === null ? [] : [{ pointer, path: placeholder }],
    ),
    view: prepared.view,
    toolTrees: prepared.toolTrees,
    network: prepared.step.network,
    timeoutMs: prepared.step.timeoutMs,
    toCome: engine.toCome(index),
    place,
    home: engine.store.home,
    logFile: engine.store.logFile(prepared.key),
    maxLogBytes: engine.maxLogBytes,
    signal: engine.signal,
    onLine: (line) => engine.onEvent({ kind: 'step-log', label, line }),
  }
}

function bodyOf(engine: Engine, { step }: PreparedStep): StepBody {
  switch (step.body.kind) {
    case 'module':
      return { kind: 'module', file: moduleFile(engine.store.home, step.body.digest) }
    case 'script':
      return { kind: 'script', text: step.body.text }
    case 'host':
      throw new CodedError('TN9003', `a host step reached the sandbox: '${step.name}'`)
  }
}

/**
 * Runs the step and hands on what it answered, while its files are there.
 * @throws CodedError TN3701–TN3706 when it fails; TN5002 when a full disk is behind that
 */
export async function withAnswer<T>(
  engine: Engine,
  prepared: PreparedStep,
  index: number,
  use: (answered: Answered) => Promise<T>,
): Promise<T> {
  const found = await onPlace(engine, prepared, index, 'memory', use)
  if (found !== NO_ROOM) return found
  const { chain, name } = prepared.step
  const message = `${chain}@${name}: /tenon/step could not be kept in memory; the step runs again with that on the disk`
  engine.onEvent({ kind: 'warning', message })
  const again = await onPlace(engine, prepared, index, 'disk', use)
  if (again === NO_ROOM) throw new TypeError('a place on the disk is never out of memory')
  return again
}

/** In place of a result, good or bad: what Tenon or the step wrote to /tenon/step may not be complete. Steps are pure, so they can run again. */
const NO_ROOM = Symbol('no room in memory')

async function onPlace<T>(
  engine: Engine,
  prepared: PreparedStep,
  index: number,
  medium: Medium,
  use: (answered: Answered) => Promise<T>,
): Promise<T | typeof NO_ROOM> {
  const inLayers = prepared.workTrees.length > 0 && (await usesLayers(engine))
  const rung = await engine.rung()
  const where = await engine.places.take(rung, medium)
  let spec: StepSpec | undefined
  try {
    spec = await layOut(engine, prepared, index, where, inLayers)
    const response = await answerOf(engine, spec, prepared)
    return where.isFull ? NO_ROOM : await use({ prepared, spec, response })
  } catch (thrown) {
    if (where.isFull) return NO_ROOM
    if (where.isInMemory && thrown instanceof CodedError && thrown.code === 'TN3001') {
      engine.places.avoidMemory() // nothing has run; perhaps it does without
      return NO_ROOM
    }
    const error = orFullDisk(thrown, engine.store.home)
    if (error instanceof CodedError) leaveLog(engine.store.logFile(prepared.key))
    if (error instanceof CodedError && engine.keepFailed) {
      flattenInto(where.work, spec)
      const kept = where.keep(`${prepared.step.chain}-${prepared.step.name}`)
      engine.onEvent({ kind: 'warning', message: `kept the files of the failed step: ${kept}` })
    }
    throw error
  } finally {
    engine.places.release(where, rung)
  }
}

/** The work trees as the step left them, for whoever looks for a reason. */
function flattenInto(work: string, spec: StepSpec | undefined): void {
  for (const [i, tree] of spec?.workTrees.entries() ?? []) {
    if (!(tree instanceof Checkout)) continue
    mkdirSync(work, { recursive: true })
    tree.flatten(join(work, String(i)))
  }
}

/** Whoever looks for a reason finds that nothing was said. */
function leaveLog(file: string): void {
  try {
    if (!existsSync(file)) writeFileSync(file, '')
  } catch {
    // The step failed for another reason than this one: that is what is told.
  }
}

/** The text that the step answered. @throws CodedError TN3701–TN3706, saying how else it ended. */
export async function answerOf(engine: Engine, spec: StepSpec, prepared: PreparedStep): Promise<string> {
  engine.onProcess()
  const exit = await runStep(spec)
  if (exit.kind === 'answered') return exit.response
  throw failureOf(exit, prepared, spec.rung)
}

function failureOf(
  exit: Exclude<StepExit, { kind: 'answered' }>,
  prepared: PreparedStep,
  rung: Rung,
): CodedError {
  const name = `step '${prepared.step.chain}@${prepared.step.name}'`
  switch (exit.kind) {
    case 'exited':
      return new CodedError(
        'TN3701',
        `${name} exited with code ${exit.code}`,
        hasOwnRoot(rung) ? {} : { hint: missedOn(rung) },
      )
    case 'killed':
      return new CodedError('TN3702', `${name} was killed by ${exit.signal}`)
    case 'timed-out':
      return new CodedError(
        'TN3703',
        `${name} ran longer than its limit of ${prepared.step.timeoutMs / 1000} s and was killed`,
        {
          hint: 'if it needs longer, set `timeoutMs` in its defineStep',
        },
      )
    case 'log-too-large':
      return new CodedError('TN3704', `${name} wrote too much log and was killed`, {
        hint: 'make the command quieter, or send its output to a file in /build',
      })
    case 'no-answer':
      return new CodedError('TN3705', `${name} exited with code 0 but left no output document`, {
        hint: 'a body must return its output; a script that ends early should exit with another code',
      })
    case 'cancelled':
      return new CodedError('TN3799', `${name} was interrupted`)
  }
}

/** What a step that is sound may have failed over, where it gets no root of its own. */
function missedOn(rung: Rung): string {
  const confined = rung === 'landlock' ? ', no sockets and no /dev/shm' : ''
  return `the ${rung} sandbox has no folder /tenon/store${confined}: if that is what the step needs, docs/sandbox.md says how to get a stronger one`
}
