// check.ts — tenon check: every type error, then what planning finds; nothing runs.
import { loadFile } from '../../commands/target.ts'
import { check } from '../../load/check.ts'
import { typeError } from '../../load/types/diagnostic.ts'
import { countText } from '../../report/amounts.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { parseTarget } from '../target.ts'

export async function checkCommand(context: Context): Promise<number> {
  const { file } = parseTarget(context.invocation.words[0] ?? '', context.directory)
  const diagnostics = await check(file, context.home)
  for (const diagnostic of diagnostics) context.printError(typeError([diagnostic]))
  if (diagnostics.length > 0) {
    context.stderr(`${countText(diagnostics.length, 'type error')}\n`)
    return EXIT.plan
  }
  const { plan } = await loadFile(file, context.home)
  const packages = Object.keys(plan.packages).length
  context.stdout(`ok: ${countText(packages, 'package')}, ${countText(plan.steps.length, 'step')}\n`)
  return EXIT.ok
}
