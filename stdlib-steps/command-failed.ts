// command-failed.ts — a failed command with the log that it keeps of its own. Runs nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { treeEntries } from './files/tree-entries.ts'
import { StepError, messageOf } from './step-error.ts'

const MAX_LINES = 60

/** `log` is the name of files below `directory` where the command says why; what follows the tests in config.log is left out. */
export function commandFailed(what: string, error: unknown, directory: string, log: string): StepError {
  const found = treeEntries(directory).filter(
    ({ kind, path }) => kind === 'file' && `/${path}`.endsWith(`/${log}`),
  )
  const tails = found.flatMap(({ path }) => [`  end of ${path}:`, ...tailOf(join(directory, path))])
  const seeLog = found.length === 0 ? 'Read the lines above' : `Read the end of ${log} above`
  return new StepError(
    'TN3530',
    [`${what}: ${messageOf(error)}`, ...tails].join('\n'),
    `${seeLog}; \`tenon shell\` opens this step's sources and tools. A missing command belongs in the step's \`tools\`.`,
    error,
  )
}

function tailOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const variables = lines.indexOf('## Cache variables. ##')
  return lines
    .slice(0, variables === -1 ? lines.length : variables - 1)
    .slice(-MAX_LINES)
    .map((line) => `    | ${line}`)
}
