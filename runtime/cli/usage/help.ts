// help.ts — what `--help` prints, from the table.
import {
  commandForm,
  commandNames,
  commandSpecs,
  TARGET_DOC,
  type CommandName,
  type CommandSpec,
} from './command-table.ts'
import { flagForm, flagSpecs } from './flags.ts'

const EXIT_DOC =
  'Exit codes: 0 done · 1 a step failed · 2 usage · 3 type or plan error · 4 stale lock with --frozen · ' +
  '69 a remote is unavailable · 70 a bug of Tenon · 130 interrupted'
const HOME_DOC = 'Results are kept in $TENON_HOME, else $XDG_DATA_HOME/tenon, else ~/.local/share/tenon.'

export function globalHelp(): string {
  const rows = commandNames.map((name): readonly [string, string] => [
    name,
    commandSpecs[name]?.summary ?? '',
  ])
  return page([
    'tenon — builds software from typed step chains',
    'Usage: tenon <command> [flags] [target]',
    `Commands:\n${table(rows)}`,
    wrap(TARGET_DOC),
    wrap(EXIT_DOC),
    `${wrap(HOME_DOC)}\n${wrap('tenon help <command> says more about one. NO_COLOR turns colours off.')}`,
  ])
}

export function commandHelp(name: CommandName): string {
  const spec: CommandSpec = commandSpecs[name] ?? {
    summary: '',
    details: '',
    arguments: [],
    flags: [],
    examples: [],
  }
  const flags = [...spec.flags, 'help'].map((flag): readonly [string, string] => {
    const flagSpec = flagSpecs[flag]
    return flagSpec === undefined ? [flag, ''] : [flagForm(flag, flagSpec), flagSpec.doc]
  })
  return page([
    `tenon ${name} — ${spec.summary}`,
    `Usage: ${commandForm(name, spec)}`,
    wrap(spec.details),
    `Flags:\n${table(flags)}`,
    ...(spec.arguments.some((argument) => argument.kind === 'target') ? [wrap(TARGET_DOC)] : []),
    `Examples:\n${table(spec.examples)}`,
  ])
}

function page(parts: readonly string[]): string {
  return parts.join('\n\n') + '\n'
}

const COLUMNS = 80
const WIDEST_LEFT = 22

/** Two columns; the right one is wrapped, and begins on a line of its own when the left one is too wide. */
function table(rows: readonly (readonly [string, string])[]): string {
  const left = Math.min(WIDEST_LEFT, Math.max(...rows.map(([form]) => form.length))) + 2
  return rows
    .flatMap(([form, doc]) => {
      const [first = '', ...rest] = wrap(doc, COLUMNS - left - 2).split('\n')
      const below = rest.map((line) => ' '.repeat(left + 2) + line)
      if (form.length > left - 2) return [`  ${form}`, ' '.repeat(left + 2) + first, ...below]
      return [`  ${form.padEnd(left)}${first}`, ...below]
    })
    .join('\n')
}

function wrap(text: string, columns = COLUMNS): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].join('\n')
}
