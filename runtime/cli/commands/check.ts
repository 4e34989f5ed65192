// check.ts — tenon check: every type error, then what planning finds; nothing runs.
import type { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { JsonObject } from '../../../dsl/plan/json.ts'
import { planFile } from '../../commands/target.ts'
import { check } from '../../load/check.ts'
import { typeError } from '../../load/types/diagnostic.ts'
import { countText } from '../../report/amounts.ts'
import { EVENT_SCHEMA_VERSION } from '../../report/event.ts'
import { errorRecord, eventRecord } from '../../report/event-record.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { parseTarget } from '../target.ts'
import { warningText } from '../warnings.ts'

export async function checkCommand(context: Context): Promise<number> {
  const { file } = parseTarget(context.invocation.words[0] ?? '', context.directory)
  const { json } = context.invocation.flags
  const line = (record: JsonObject): void => {
    if (json) context.stdout(`${JSON.stringify(record)}\n`)
  }
  // Side by side; an error of types is the cause more often.
  const [types, planned] = await Promise.allSettled([check(file, context.home), planFile(file, context.home)])
  if (types.status === 'rejected') throw types.reason
  const diagnostics = types.value
  for (const diagnostic of diagnostics) {
    const error = typeError([diagnostic])
    line(errorLine(error))
    context.printError(error)
  }
  if (diagnostics.length > 0) {
    context.stderr(`${countText(diagnostics.length, 'type error')}\n`)
    return EXIT.plan
  }
  if (planned.status === 'rejected') throw planned.reason
  const { plan, warnings = [] } = planned.value
  for (const warning of warnings) line(eventRecord({ kind: 'warning', ...warning }))
  context.stderr(warningText(warnings, context))
  const [packages, steps] = [Object.keys(plan.packages).length, plan.steps.length]
  if (json) line({ schema: EVENT_SCHEMA_VERSION, kind: 'result', ok: true, packages, steps })
  else context.stdout(`ok: ${countText(packages, 'package')}, ${countText(steps, 'step')}\n`)
  return EXIT.ok
}

function errorLine(error: CodedError): JsonObject {
  return { schema: EVENT_SCHEMA_VERSION, kind: 'error', error: errorRecord(error), exitCode: EXIT.plan }
}
