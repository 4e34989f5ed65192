// run.ts — tenon run: build, then the program of the result takes the terminal.
import type { Context } from '../context.ts'
import { withProgram } from '../program.ts'
import { exitCodeOfBuild } from '../realise.ts'

export async function runCommand(context: Context): Promise<number> {
  const { runTarget } = await import('../../commands/run.ts')
  const { flags, passed } = context.invocation
  return withProgram(context, async (options) => {
    const { result, exitCode } = await runTarget({ ...options, program: flags.program }, passed)
    return result.ok ? exitCode : exitCodeOfBuild(context, result)
  })
}
