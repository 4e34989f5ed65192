// store.ts — tenon store: ls, path-info, verify, gc, du.
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { listObjects, storeUsage } from '../../commands/store/objects.ts'
import { collectStore, verifyStore } from '../../commands/store/upkeep.ts'
import { nameHint } from '../../report/nearest.ts'
import type { Context } from '../context.ts'
import { EXIT } from '../process/exit-code.ts'
import { parseTarget } from '../target.ts'
import { collectionText, listText, pathInfoText, usageText, verifiedText } from '../text/store-text.ts'
import { STORE_ACTIONS } from '../usage/command-table.ts'
import type { FlagName } from '../usage/flags.ts'

type Action = (typeof STORE_ACTIONS)[number]

/** Which flags beside --json an action takes. */
const FLAGS_OF: Readonly<Record<Action, readonly FlagName[]>> = {
  ls: [],
  'path-info': [],
  verify: ['repair'],
  gc: ['dry-run', 'keep-days'],
  du: [],
}

export async function storeCommand(context: Context): Promise<number> {
  const action = actionOf(context)
  switch (action) {
    case 'ls': {
      const objects = listObjects(context.home)
      print(context, objects, () => listText(objects))
      return EXIT.ok
    }
    case 'du': {
      const usage = storeUsage(context.home)
      print(context, usage, () => usageText(usage))
      return EXIT.ok
    }
    case 'path-info':
      return await pathInfoCommand(context)
    case 'verify':
      return await verifyCommand(context)
    case 'gc':
      return await collectCommand(context)
  }
}

function actionOf({ invocation: { words, flags } }: Context): Action {
  const [word = '', what] = words
  const action = STORE_ACTIONS.find((name) => name === word)
  if (action === undefined)
    throw new CodedError('TN6001', `tenon store has no action ${word}`, {
      hint: `${nameHint(word, STORE_ACTIONS, (name) => `tenon store ${name}`)} tenon store --help says what each does.`,
    })
  for (const flag of ['repair', 'dry-run', 'keep-days'] as const) {
    const isGiven = flags[flag] !== null && flags[flag] !== false
    if (isGiven && !FLAGS_OF[action].includes(flag))
      throw new CodedError('TN6002', `tenon store ${action} has no flag --${flag}`)
  }
  if ((action === 'path-info') !== (what !== undefined))
    throw new CodedError(
      'TN6004',
      action === 'path-info'
        ? 'tenon store path-info needs a path or a target'
        : `tenon store ${action} does not know what to do with ${JSON.stringify(what)}`,
      { hint: 'For example: tenon store path-info result.' },
    )
  return action
}

function print({ invocation, stdout }: Context, value: unknown, text: () => string): void {
  stdout(invocation.flags.json ? JSON.stringify(value, null, 2) + '\n' : text())
}

async function pathInfoCommand(context: Context): Promise<number> {
  const { objectNamed, objectsOfTarget, pathInfo } = await import('../../commands/store/path-info.ts')
  const { home, directory } = context
  const word = context.invocation.words[1] ?? ''
  const named = objectNamed(home, word, directory)
  const paths = named === undefined ? await objectsOfTarget(home, parseTarget(word, directory)) : [named]
  const infos = paths.map((path) => pathInfo(home, path))
  print(context, infos, () => infos.map(pathInfoText).join('\n'))
  return EXIT.ok
}

async function verifyCommand(context: Context): Promise<number> {
  const { home, invocation, interrupt } = context
  const found = await verifyStore({ home, repair: invocation.flags.repair, signal: interrupt.signal })
  print(context, found, () => verifiedText(found))
  const isMended = found.repaired !== null && found.repaired.inUse.length === 0
  return found.problems.length === 0 || isMended ? EXIT.ok : EXIT.stepFailed
}

async function collectCommand(context: Context): Promise<number> {
  const { home, invocation, interrupt } = context
  const { 'dry-run': dryRun, 'keep-days': keepDays } = invocation.flags
  const collection = await collectStore({ home, dryRun, keepDays, signal: interrupt.signal })
  print(context, collection, () => collectionText(collection, dryRun))
  return EXIT.ok
}
