// log.ts — tenon log: the log of a step, as it was written.
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { logOf } from '../../commands/log.ts'
import type { Context } from '../context.ts'
import { loadOptions } from '../load-options.ts'

export async function logCommand(context: Context): Promise<number> {
  const options = loadOptions(context)
  const log = await logOf(options)
  if (log === null)
    throw new CodedError(
      'TN6021',
      options.step === null
        ? 'no step of the target has left a log'
        : `the step ${options.step} has left no log`,
      {
        hint: 'Only steps that have run leave one: tenon build --force runs them again.',
      },
    )
  if (log.file === null) {
    context.stderr(`${log.step} wrote nothing\n`)
    return 0
  }
  await pipeline(createReadStream(log.file), process.stdout, { end: false }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error // else the reader has seen enough
    },
  )
  return 0
}
