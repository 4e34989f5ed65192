// warnings.ts — what modules say to whoever uses them, for commands without progress. During a build they are events.
import type { PlanWarning } from '../../dsl/plan/plan.ts'
import { warningLines } from '../report/event-text.ts'
import type { Context } from './context.ts'

/** For standard error; empty without warnings. */
export function warningText(
  warnings: readonly PlanWarning[],
  context: Pick<Context, 'paint' | 'directory'>,
): string {
  return warnings
    .flatMap((warning) => warningLines(warning, context))
    .map((line) => `${line}\n`)
    .join('')
}
