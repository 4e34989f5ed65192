// build.ts — tenon build and tenon source: realise, link, print the document.
import type { BuildOptions, BuildResult } from '../../commands/build.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { documentForPeople, exitCodeOfBuild, resultRecord, withBuildOptions } from '../realise.ts'
import { linkResult } from '../result-links.ts'

export async function buildCommand(context: Context): Promise<number> {
  const { build } = await import('../../commands/build.ts')
  return realiseAndPrint(context, build)
}

export async function sourceCommand(context: Context): Promise<number> {
  const { sourceOf } = await import('../../commands/source.ts')
  return realiseAndPrint(context, sourceOf)
}

type Realise = (options: BuildOptions) => Promise<BuildResult>

async function realiseAndPrint(context: Context, realise: Realise): Promise<number> {
  const result = await withBuildOptions(context, realise)
  const exitCode = exitCodeOfBuild(context, result)
  const isDone = exitCode === EXIT.ok
  if (isDone) linkResult(context, result)
  if (context.invocation.flags.json) context.stdout(JSON.stringify(resultRecord(result)) + '\n')
  else if (isDone) context.stdout(JSON.stringify(documentForPeople(result), null, 2) + '\n')
  return exitCode
}
