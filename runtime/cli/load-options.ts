// load-options.ts — the target of commands that only look: what they pass on to planning.
import type { LoadTargetOptions } from '../commands/target.ts'
import type { Context } from './context.ts'
import { parseTarget } from './target.ts'

export function loadOptions(context: Context): LoadTargetOptions {
  const { file, exportName, step } = parseTarget(context.invocation.words[0] ?? '', context.directory)
  return { file, exportName, step, home: context.home }
}
