// update.ts — fetch again what tenon.lock names for a target and write the hashes that come.
import { neededSteps } from '../schedule/needed-steps.ts'
import { schedule } from '../schedule/schedule.ts'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { labelOf } from '../engines/engine.ts'
import { realiseStep } from '../engines/local.ts'
import { readLock } from '../fetch/lock-file.ts'
import type { BuildOptions } from './build.ts'
import { localEngine } from './local-engine.ts'
import { loadTarget } from './target.ts'

export interface LockChange {
  readonly key: string
  readonly before: string | null
  readonly after: string
}

/** Hashes that stand in the build file are the author's and stay. @throws CodedError of the first fetch that fails. */
export async function updateLock(
  options: BuildOptions,
): Promise<{ readonly changed: readonly LockChange[] }> {
  const target = await loadTarget({ ...options, ignoreLock: true })
  const { plan, projectRoot } = target.loaded
  const engine = localEngine(target.loaded, { ...options, force: false }, true)
  const before = readLock(projectRoot)
  const needed = neededSteps(plan, target.document)
  const unlocked = [...needed.needs.keys()].filter((index) => plan.steps[index]?.fixedOutput?.hash === null)
  const wanted = new Set(unlocked)
  for (const index of wanted) for (const need of needed.needs.get(index) ?? []) wanted.add(need) // a set grows while it is walked
  await schedule(
    { needs: new Map([...needed.needs].filter(([index]) => wanted.has(index))) },
    {
      jobs: options.jobs,
      keepGoing: false,
      signal: options.signal,
      run: async (index) => {
        const startedAtMs = Date.now()
        const { realisation, from } = await realiseStep(engine, index)
        engine.realisations.set(index, realisation)
        const durationMs = Date.now() - startedAtMs
        options.onEvent({
          kind: 'step-finished',
          label: labelOf(plan, index),
          from,
          durationMs,
        })
        return 'done'
      },
      onSkip: () => {},
    },
  )
  if (options.signal.aborted) throw new CodedError('TN3799', 'the update was interrupted')
  const changed = Object.entries(readLock(projectRoot))
    .filter(([key, hash]) => before[key] !== hash)
    .map(([key, after]) => ({ key, before: before[key] ?? null, after }))
  return { changed }
}
