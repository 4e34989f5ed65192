// completion.ts — tenon completion: the script of one shell.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { nameHint } from '../../report/nearest.ts'
import { completionScript, SHELLS } from '../usage/completion.ts'
import type { Context } from '../context.ts'

export async function completionCommand(context: Context): Promise<number> {
  const [word = ''] = context.invocation.words
  const shell = SHELLS.find((name) => name === word)
  if (shell === undefined)
    throw new CodedError('TN6004', `there is no completion for the shell ${JSON.stringify(word)}`, {
      hint: nameHint(word, SHELLS),
    })
  context.stdout(completionScript(shell))
  return 0
}
