// shell.ts — an interactive shell where a step would run: its files, document, tools and sandbox.
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Interpreter } from '../../dsl/plan/plan.ts'
import { realisedBy } from '../engines/engine.ts'
import { layOut } from '../engines/run-body.ts'
import { interpreterOf, prepareStep } from '../rebuild/prepare.ts'
import { hostView } from '../sandbox/host-tools.ts'
import { enterStep } from '../sandbox/run-step.ts'
import { makeStepPlace } from '../sandbox/step/place.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { realiseDocument, type BuildOptions } from './build.ts'
import { localEngine } from './local-engine.ts'
import { loadTarget } from './target.ts'

/** Commands that a person needs to look around, added to the step's own tools. */
export const SHELL_COMMANDS = ['sh', 'ls', 'cat'] as const

/** The shell's exit code. @throws CodedError, also when a step before fails. */
export async function shellAt(options: BuildOptions): Promise<number> {
  const target = await loadTarget(options)
  const engine = localEngine(target.loaded, options)
  const last = target.steps.at(-1)
  const { plan } = target.loaded
  const step = last === undefined ? undefined : plan.steps[last.step]
  if (last === undefined || step === undefined || step.body.kind === 'host')
    throw new CodedError(
      'TN6104',
      `there is no sandbox at '${options.step ?? target.package.name}': its files are fetched or copied by Tenon itself`,
      {
        hint: 'name a step after it',
      },
    )
  const needed =
    neededSteps(plan, { kind: 'output', step: last.step, path: [] }).needs.get(last.step) ?? new Set()
  const inputs = [...needed].map((index) => ({ kind: 'output', step: index, path: [] }) as const)
  const { result } = await realiseDocument(engine, target, { kind: 'list', items: inputs }, options)
  if (!result.ok)
    throw new CodedError('TN6105', `a step before '${last.name}' fails, so its input cannot be made`)
  const prepared = await prepareStep(step, {
    plan,
    store: engine.store,
    objects: engine.objects,
    views: engine.views,
    realised: realisedBy(engine),
  })
  const commands = step.tools.flatMap((tool) => (tool.kind === 'host' ? tool.commands : []))
  const scratch = engine.store.scratch('shell')
  try {
    const place = makeStepPlace(scratch.directory)
    const spec = await layOut(engine, prepared, last.step, { place, work: join(scratch.directory, 'work') })
    const view = await hostView(engine.store.home, [...commands, ...SHELL_COMMANDS], interpreterOf(step))
    return await enterStep({ ...spec, view }, shellCommand(interpreterOf(step)))
  } finally {
    scratch.remove()
  }
}

/** On a terminal the shell reads `$ENV` by itself; commands that come through a pipe get the step's variables too. */
function shellCommand(interpreter: Interpreter): readonly string[] {
  if (process.stdin.isTTY || interpreter !== 'sh') return ['/bin/sh']
  return ['/bin/sh', '-c', '. "$ENV"; eval "$(cat)"']
}
