// run.ts — build a target and run the program in it.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { runProgram } from '../sandbox/run-program.ts'
import { programsOf } from './programs.ts'
import { build, type BuildOptions, type BuildResult } from './build.ts'
import { chooseRung } from '../sandbox/choose-rung.ts'
import { Store } from '../store/store.ts'

/**
 * The program's exit code; 128 + n when signal n ended it.
 * The program is the one executable file, or in the one tree `bin/<name>`, or what `bin` holds alone.
 */
export async function runTarget(
  options: BuildOptions & { readonly program: string | null },
  args: readonly string[],
): Promise<{ readonly result: BuildResult; readonly exitCode: number }> {
  const result = await build(options)
  if (!result.ok) return { result, exitCode: 1 }
  const store = Store.open(options.home)
  const command = programOf(result, options.program)
  const objects = result.artifacts.map(({ object }) => object)
  const inputs = store.closure(objects).map(({ path }) => ({ path, physical: store.physical(path) }))
  const { rung } = await chooseRung(options.home, options.rung)
  return {
    result,
    exitCode: await runProgram({ rung, home: options.home, inputs, command, args: [...args] }),
  }
}

function programOf({ artifacts }: BuildResult, wanted: string | null): string {
  const candidates = programsOf(artifacts).map(({ path }) => path)
  const named = wanted === null ? candidates : candidates.filter((path) => path.endsWith(`/bin/${wanted}`))
  const [only, ...others] = named
  if (only !== undefined && others.length === 0) return only
  const details = candidates.map((path) => path.slice(path.lastIndexOf('/') + 1))
  throw new CodedError(
    'TN6106',
    only === undefined ? 'the result holds no such program' : 'the result holds several programs',
    {
      details,
      hint:
        candidates.length === 0
          ? 'a program is an executable file(), or in the bin folder of a tree()'
          : 'name one with --program',
    },
  )
}
