// run-body.ts — one prepared step in the sandbox: lay out its scratch, run it, say how it ended.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { moduleFile } from '../rebuild/module-file.ts'
import { interpreterOf, type PreparedStep } from '../rebuild/prepare.ts'
import { overlaysWork } from '../sandbox/supervisor/overlays.ts'
import { runStep, type StepExit, type StepSpec } from '../sandbox/run-step.ts'
import type { Scratch } from '../store/store.ts'
import { labelOf, type Engine } from './engine.ts'

/** What the store keeps is one folder in the end; a tree that only passes on can stay in layers. */
export async function passesInLayers(
  engine: Engine,
  prepared: PreparedStep,
  index: number,
): Promise<boolean> {
  if (prepared.workTrees.length === 0 || engine.keeps(index) || engine.keepFailed) return false
  return (await engine.rung()) === 'supervisor' && (await overlaysWork(engine.store.home))
}

/** Copies the work trees, or lays them out in layers; places everything for the step. Nothing has run yet. */
export async function layOut(
  engine: Engine,
  prepared: PreparedStep,
  index: number,
  scratch: Scratch,
  inLayers = false,
): Promise<StepSpec> {
  const work = join(scratch.directory, 'work')
  const outputs = join(scratch.directory, 'outputs')
  const rest = join(scratch.directory, 'rest')
  for (const directory of [work, outputs, rest]) mkdirSync(directory)
  const workTrees = prepared.workTrees.map(({ path, object }, i) => {
    if (inLayers) return engine.objects.checkOut(path, object)
    const physical = join(work, String(i))
    engine.objects.materialise(object, physical)
    return { path, physical }
  })
  const label = labelOf(engine.plan, index)
  return {
    rung: await engine.rung(),
    interpreter: interpreterOf(prepared.step),
    bodyFile: bodyFileOf(engine, prepared, scratch),
    request: prepared.request,
    inputs: prepared.closure.map((object) => ({
      path: object.path,
      physical: engine.store.physical(object.path),
    })),
    workTrees,
    outputs: prepared.outputs.flatMap(({ pointer, placeholder }, i) =>
      placeholder === null ? [] : [{ pointer, path: placeholder, physical: join(outputs, String(i)) }],
    ),
    view: prepared.view,
    toolTrees: prepared.toolTrees,
    network: prepared.step.network,
    timeoutMs: prepared.step.timeoutMs,
    scratch: rest,
    home: engine.store.home,
    logFile: engine.store.logFile(prepared.key),
    maxLogBytes: engine.maxLogBytes,
    signal: engine.signal,
    onLine: (line) => engine.onEvent({ kind: 'step-log', label, line }),
  }
}

function bodyFileOf(engine: Engine, prepared: PreparedStep, scratch: Scratch): string {
  const body = prepared.step.body
  switch (body.kind) {
    case 'module':
      return moduleFile(engine.store.home, body.digest)
    case 'script': {
      const file = join(scratch.directory, 'body.sh')
      writeFileSync(file, body.text)
      return file
    }
    case 'host':
      throw new CodedError('TN9003', `a host step reached the sandbox: '${prepared.step.name}'`)
  }
}

/** The text that the step answered. @throws CodedError TN3701–TN3706, saying how else it ended. */
export async function answerOf(engine: Engine, spec: StepSpec, prepared: PreparedStep): Promise<string> {
  engine.onProcess()
  const exit = await runStep(spec)
  if (exit.kind === 'answered') return exit.response
  throw failureOf(exit, prepared)
}

function failureOf(exit: Exclude<StepExit, { kind: 'answered' }>, prepared: PreparedStep): CodedError {
  const name = `step '${prepared.step.chain}@${prepared.step.name}'`
  switch (exit.kind) {
    case 'exited':
      return new CodedError('TN3701', `${name} exited with code ${exit.code}`)
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
