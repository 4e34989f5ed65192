// log.ts — where the log of a step's last run is.
import { existsSync } from 'node:fs'
import { Store } from '../store/store.ts'
import { lastBuild } from './last-build.ts'
import { loadTarget, type LoadTargetOptions } from './target.ts'

/** Of the step asked for; else of the one that failed, else of the chain's last one that has a log. null: none. */
export async function logOf(
  options: LoadTargetOptions,
): Promise<{ readonly file: string; readonly step: string } | null> {
  const target = await loadTarget(options)
  const steps = lastBuild(options.home, target.name)
  const store = Store.open(options.home)
  const candidates = target.steps
    .toReversed()
    .flatMap(({ name, step }) => {
      const planned = target.loaded.plan.steps[step]
      const remembered = steps[`${planned?.chain ?? ''}@${planned?.name ?? ''}`]
      return remembered === undefined
        ? []
        : [{ name, failed: remembered.failed, file: store.logFile(remembered.key) }]
    })
    .filter(({ file }) => existsSync(file))
  const wanted =
    options.step === null
      ? (candidates.find(({ failed }) => failed) ?? candidates[0])
      : candidates.find(({ name }) => name === options.step)
  return wanted === undefined ? null : { file: wanted.file, step: wanted.name }
}
