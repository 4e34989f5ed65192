// build.ts — tenon build and tenon source: realise, link, print the document.
import { resolve } from 'node:path'
import type { BuildOptions, BuildResult } from '../../commands/build.ts'
import { countText } from '../../report/amounts.ts'
import { noPaint } from '../../report/paint.ts'
import { nothingToDoText } from '../../report/event-text.ts'
import { invocationOf, takeSnapshot } from '../../unchanged/snapshot.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { documentForPeople, exitCodeOfBuild, resultRecord, withBuildOptions } from '../realise.ts'
import { warningText } from '../warnings.ts'

export async function buildCommand(context: Context): Promise<number> {
  if (context.invocation.flags.check) return realiseAndPrint(context, (options) => checked(context, options))
  const { build } = await import('../../commands/build.ts')
  return realiseAndPrint(context, build)
}

async function checked(context: Context, options: BuildOptions): Promise<BuildResult> {
  const { checkReproducible } = await import('../../commands/check-reproducible.ts')
  const { result, checked: count, skipped } = await checkReproducible(options)
  const others = skipped === 0 ? '' : `; ${countText(skipped, 'step')} only fetched or copied`
  if (result.ok) context.stderr(`checked: ${countText(count, 'step')} gave the same again${others}\n`)
  return result
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
  const links = isDone ? await linksTo(context, result) : []
  if (context.invocation.flags.json) context.stdout(JSON.stringify(resultRecord(result)) + '\n')
  else if (isDone) {
    const document = JSON.stringify(documentForPeople(result), null, 2) + '\n'
    context.stdout(document)
    if (isPlain(context)) remember(context, result, links, document)
  }
  return exitCode
}

async function linksTo(context: Context, result: BuildResult): Promise<readonly string[]> {
  const { flags } = context.invocation
  if (flags['no-link']) return []
  const { linkResult } = await import('../../commands/result-links.ts')
  return linkResult(resolve(context.directory, flags['out-link'] ?? 'result'), context.home, result)
}

/** Whether the same words mean the same whatever was built before. */
function isPlain({ invocation: { command, flags } }: Context): boolean {
  return command === 'build' && !flags.force && !flags.check && (flags.progress ?? 'auto') === 'auto'
}

/** The next call with the same words is answered from this when nothing changed. */
function remember(context: Context, result: BuildResult, links: readonly string[], document: string): void {
  const inputs = result.watched()
  if (inputs === null) return
  const unpainted = { directory: context.directory, paint: noPaint } // the next call may have another terminal, or none
  takeSnapshot(
    context.home,
    invocationOf(import.meta.dirname, process.argv.slice(2)),
    {
      inputs: [...inputs, import.meta.filename],
      objects: result.artifacts.map(({ place }) => place.path),
      links,
    },
    {
      stdout: document,
      stderr: `${warningText(result.warnings, unpainted)}${nothingToDoText(result.steps, 0)}\n`,
    },
  )
}
