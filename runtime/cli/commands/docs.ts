// docs.ts — tenon docs.
import { docsOf } from '../../commands/docs.ts'
import type { Context } from '../context.ts'
import { loadOptions } from '../load-options.ts'

export async function docsCommand(context: Context): Promise<number> {
  context.stdout(await docsOf(loadOptions(context)))
  return 0
}
