// log.ts — where the log of a step's last run is.
import { existsSync } from 'node:fs'
import { Store } from '../store/store.ts'
import { lastBuild } from './last-build.ts'
import { loadTarget, type LoadTargetOptions } from './target.ts'

export interface StepLog {
  readonly step: string
  /** null: the step has run and written nothing. */
  readonly file: string | null
}

/**
 * Of the step asked for; else of the one that failed, else of the chain's last one that wrote something, else of its last one that
 * ran. null: none of them.
 */
export async function logOf(options: LoadTargetOptions): Promise<StepLog | null> {
  const target = await loadTarget(options)
  const steps = lastBuild(options.home, target.name)
  const store = Store.open(options.home)
  const candidates = target.steps.toReversed().flatMap(({ name, step }) => {
    const planned = target.loaded.plan.steps[step]
    const remembered = steps[`${planned?.chain ?? ''}@${planned?.name ?? ''}`]
    if (planned === undefined || planned.body.kind === 'host' || remembered === undefined) return []
    const file = store.logFile(remembered.key)
    const isThere = existsSync(file)
    const hasRun = isThere || store.recollection(remembered.key) !== undefined
    return hasRun ? [{ step: name, failed: remembered.failed, file: isThere ? file : null }] : []
  })
  const wanted =
    options.step === null
      ? (candidates.find(({ failed }) => failed) ??
        candidates.find(({ file }) => file !== null) ??
        candidates[0])
      : candidates.find(({ step }) => step === options.step)
  return wanted ?? null
}
