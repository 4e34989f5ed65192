// plan.ts — tenon plan: a table, or everything as JSON.
import { planTarget } from '../../commands/plan-view.ts'
import { parseGranularity } from '../../schedule/grouping.ts'
import type { Context } from '../context.ts'
import { loadOptions } from '../load-options.ts'
import { planText } from '../text/plan-text.ts'
import { warningText } from '../warnings.ts'

export async function planCommand(context: Context): Promise<number> {
  const view = await planTarget({
    ...loadOptions(context),
    granularity: parseGranularity(context.invocation.flags.granularity ?? 'auto'),
  })
  context.stderr(warningText(view.warnings, context))
  context.stdout(context.invocation.flags.json ? JSON.stringify(view, null, 2) + '\n' : planText(view))
  return 0
}
