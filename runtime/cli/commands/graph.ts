// graph.ts — tenon graph.
import { planTarget } from '../../commands/plan-view.ts'
import type { Context } from '../context.ts'
import { graphText } from '../text/graph-text.ts'
import { loadOptions } from '../load-options.ts'

export async function graphCommand(context: Context): Promise<number> {
  const view = await planTarget({ ...loadOptions(context), granularity: { kind: 'auto' } })
  context.stdout(graphText(view, context.invocation.flags.format ?? 'dot'))
  return 0
}
