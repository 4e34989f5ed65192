// export.ts — tenon export: a result as something that works without Tenon.
import { resolve } from 'node:path'
import { countText } from '../../report/amounts.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { exitCodeOfBuild, withBuildOptions } from '../realise.ts'

export async function exportCommand(context: Context): Promise<number> {
  const { exportFolder } = await import('../../commands/export/export-folder.ts')
  const { words, flags } = context.invocation
  const folder = resolve(context.directory, words[1] ?? '')
  const { result, exported } = await withBuildOptions(context, (options) => exportFolder(options, folder))
  if (exported === null) return exitCodeOfBuild(context, result)
  const programs = exported.programs.length === 0 ? '' : `; programs: ${exported.programs.join(', ')}`
  const text = `${exported.folder}: ${countText(exported.objects, 'object')}${programs}\n`
  context.stdout(flags.json ? JSON.stringify({ kind: 'exported', ...exported }) + '\n' : text)
  return EXIT.ok
}
