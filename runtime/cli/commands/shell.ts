// shell.ts — tenon shell: a shell takes the terminal where a step runs.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Context } from '../context.ts'
import { withProgram } from '../program.ts'

export async function shellCommand(context: Context): Promise<number> {
  const { shellAt } = await import('../../commands/shell.ts')
  return withProgram(context, (options, target) => {
    if (options.step === null)
      throw new CodedError(
        'TN6010',
        `the target ${target.text || 'build.ts'} names no step to open a shell at`,
        {
          hint:
            `Write tenon shell ${target.text}@<step>; tenon plan ${target.text}`.trimEnd() +
            ' lists the steps.',
        },
      )
    return shellAt(options)
  })
}
