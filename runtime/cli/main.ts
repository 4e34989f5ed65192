// main.ts — the command `tenon`: from words to an exit code. What each command does: commands/.
import { EVENT_SCHEMA_VERSION } from '../report/event.ts'
import { errorLines } from '../report/error-text.ts'
import { errorRecord } from '../report/event-record.ts'
import { paintFor } from '../report/paint.ts'
import { parseArguments, type Invocation } from './usage/arguments.ts'
import type { CommandName } from './usage/command-table.ts'
import type { Command, Context } from './context.ts'
import { exitCodeOf } from './process/exit-code.ts'
import { homeDirectory } from './process/home.ts'
import { watchSignals } from './process/interrupt.ts'
import { exitWhenWritten, tolerateClosedPipes } from './process/output.ts'
import { errorTextOptions } from './progress.ts'
import { asCodedError } from './process/unexpected.ts'

/** Each loads only what it needs, when it is used. */
const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  init: async () => (await import('./commands/init.ts')).initCommand,
  build: async () => (await import('./commands/build.ts')).buildCommand,
  check: async () => (await import('./commands/check.ts')).checkCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  graph: async () => (await import('./commands/graph.ts')).graphCommand,
  log: async () => (await import('./commands/log.ts')).logCommand,
  shell: async () => (await import('./commands/shell.ts')).shellCommand,
  source: async () => (await import('./commands/build.ts')).sourceCommand,
  run: async () => (await import('./commands/run.ts')).runCommand,
  why: async () => (await import('./commands/why.ts')).whyCommand,
  options: async () => (await import('./commands/options.ts')).optionsCommand,
  docs: async () => (await import('./commands/docs.ts')).docsCommand,
  update: async () => (await import('./commands/update.ts')).updateCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  store: async () => (await import('./commands/store.ts')).storeCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
  version: async () => (await import('./commands/version.ts')).versionCommand,
  help: async () => (await import('./commands/help.ts')).helpCommand,
}

type World = Omit<Context, 'invocation' | 'home'>

function theWorld(): World {
  const directory = process.cwd()
  const paint = paintFor(process.stderr)
  const stderr: World['stderr'] = (text) => void process.stderr.write(text)
  const leaving: (() => void)[] = []
  const leave = (): void => leaving.forEach((each) => each())
  process.once('exit', leave)
  return {
    directory,
    paint,
    stderr,
    environment: process.env,
    stdout: (text) => void process.stdout.write(text),
    interrupt: watchSignals((code) => process.exit(code)),
    atExit: (each) => void leaving.push(each),
    printError: (error) => {
      leave() // a live view would erase what is printed below it
      stderr(errorLines(error, errorTextOptions({ directory, paint })).join('\n') + '\n')
    },
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const world = theWorld()
  // What is thrown where nobody waits for it.
  process.once('uncaughtException', (thrown) => process.exit(failed(world, thrown, false)))
  let json = false
  try {
    const invocation = parseArguments(argv)
    json = invocation.flags.json
    const home = homeDirectory(world.environment, world.directory)
    const command = await commandOf(invocation)
    return await command({ ...world, home, invocation })
  } catch (thrown) {
    return world.interrupt.exitCode() ?? failed(world, thrown, json)
  }
}

/** Tells what went wrong; the exit code. */
function failed(world: World, thrown: unknown, json: boolean): number {
  const error = asCodedError(thrown)
  const exitCode = exitCodeOf(error)
  const record = { schema: EVENT_SCHEMA_VERSION, kind: 'error', error: errorRecord(error), exitCode }
  if (json) world.stdout(JSON.stringify(record) + '\n')
  world.printError(error)
  return exitCode
}

async function commandOf({ command, flags }: Invocation): Promise<Command> {
  return flags.help ? (await import('./commands/help.ts')).helpOf(command) : LOADERS[command]()
}

tolerateClosedPipes()
void main(process.argv.slice(2)).then(exitWhenWritten)
