// why.ts — tenon why.
import { whyTarget } from '../../commands/why.ts'
import type { Context } from '../context.ts'
import { loadOptions } from '../load-options.ts'
import { whyText } from '../text/why-text.ts'

export async function whyCommand(context: Context): Promise<number> {
  const view = await whyTarget(loadOptions(context))
  context.stdout(context.invocation.flags.json ? JSON.stringify(view, null, 2) + '\n' : whyText(view))
  return 0
}
