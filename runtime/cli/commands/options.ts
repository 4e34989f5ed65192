// options.ts — tenon options.
import { optionsOf } from '../../commands/options.ts'
import type { Context } from '../context.ts'
import { loadOptions } from '../load-options.ts'
import { optionsText } from '../text/options-text.ts'

export async function optionsCommand(context: Context): Promise<number> {
  const view = await optionsOf(loadOptions(context))
  const { json } = context.invocation.flags
  context.stdout(json ? JSON.stringify(view, null, 2) + '\n' : optionsText(view, context.directory))
  return 0
}
