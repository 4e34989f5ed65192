// program.ts — commands that build first and then hand the terminal to a program.
import type { BuildOptions } from '../commands/build.ts'
import type { Context } from './context.ts'
import { withBuildOptions } from './realise.ts'
import type { Target } from './target.ts'

/** `start` builds, then runs its program, whose exit code is ours. */
export async function withProgram(
  context: Context,
  start: (options: BuildOptions, target: Target) => Promise<number>,
): Promise<number> {
  return withBuildOptions(context, (options, target, reporter) => {
    const onEvent: BuildOptions['onEvent'] = (event) => {
      options.onEvent(event)
      if (event.kind !== 'finished') return
      // The build is over: what follows on the terminal is the program's.
      reporter.close()
      context.interrupt.leaveTerminal()
    }
    return start({ ...options, onEvent }, target)
  })
}
