// help.ts — tenon help, and --help of every command.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { nameHint } from '../../report/nearest.ts'
import { commandNames, type CommandName } from '../usage/command-table.ts'
import type { Command, Context } from '../context.ts'
import { commandHelp, globalHelp } from '../usage/help.ts'

export async function helpCommand(context: Context): Promise<number> {
  const [word] = context.invocation.words
  const command = commandNames.find((name) => name === word)
  if (word !== undefined && command === undefined)
    throw new CodedError('TN6001', `there is no command ${word}`, { hint: nameHint(word, commandNames) })
  context.stdout(command === undefined ? globalHelp() : commandHelp(command))
  return 0
}

export function helpOf(command: CommandName): Command {
  return async (context) => {
    context.stdout(command === 'help' ? globalHelp() : commandHelp(command))
    return 0
  }
}
