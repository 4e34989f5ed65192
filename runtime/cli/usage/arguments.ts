// arguments.ts — the words of the command line, checked against the table. Knows nothing of files or plans.
import { parseArgs } from 'node:util'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { nameHint } from '../../report/nearest.ts'
import {
  COMMANDS,
  commandForm,
  commandNames,
  commandSpecs,
  type CommandName,
  type CommandSpec,
} from './command-table.ts'
import { FLAGS, flagSpecs, type Flags, type FlagSpec } from './flags.ts'

export interface Invocation {
  readonly command: CommandName
  readonly words: readonly string[] // positional arguments
  readonly flags: Flags
  /** After `--`; only of commands that pass arguments on. */
  readonly passed: readonly string[]
}

/** No words at all are `help`. @throws CodedError TN60xx */
export function parseArguments(argv: readonly string[]): Invocation {
  const [first = 'help', ...rest] = argv
  if (first === '--version' || first === '-V') return parseCommand('version', rest)
  if (first === '--help' || first === '-h') return parseCommand('help', rest)
  return parseCommand(commandOf(first), rest)
}

function commandOf(word: string): CommandName {
  const command = commandNames.find((name) => name === word)
  if (command !== undefined) return command
  if (word.startsWith('-'))
    throw new CodedError('TN6001', `${word} stands before the command`, {
      hint: 'The command comes first, its flags after it: tenon build --json.',
    })
  if (/[/#@]|\.[cm]?ts$/.test(word))
    throw new CodedError('TN6001', `${word} is not a command`, {
      hint: `To build that target: tenon build ${word}`,
    })
  throw new CodedError('TN6001', `there is no command ${word}`, {
    hint: `${nameHint(word, commandNames, (name) => `tenon ${name}`)} tenon help says what each does.`,
  })
}

function parseCommand(command: CommandName, args: readonly string[]): Invocation {
  const spec = COMMANDS[command] as CommandSpec // `satisfies` says so; the literal type is of no use here
  const flags: Record<string, unknown> = emptyFlags()
  const words: string[] = []
  const passed: string[] = []
  let onlyWords = false
  for (const token of tokensOf(command, spec, args)) {
    if (token.kind === 'option-terminator') onlyWords = true
    else if (token.kind === 'positional')
      (onlyWords && spec.passesArguments === true ? passed : words).push(token.value)
    else setFlag(flags, command, spec, token)
  }
  // Each flag of the table is there, with a value of its kind: emptyFlags and setFlag saw to it.
  const invocation = { command, words, flags: flags as unknown as Flags, passed }
  if (!invocation.flags.help) checkWords(command, spec, words)
  return invocation
}

function tokensOf(command: CommandName, spec: CommandSpec, args: readonly string[]) {
  const options = Object.fromEntries(
    [...spec.flags, 'help' as const].map((name) => {
      const flag: FlagSpec = FLAGS[name]
      const type = flag.kind === 'switch' ? ('boolean' as const) : ('string' as const)
      return [name, flag.short === undefined ? { type } : { type, short: flag.short }]
    }),
  )
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens
}

function emptyFlags(): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(flagSpecs).map(([name, spec]) => [
      name,
      spec.kind === 'switch' ? false : spec.kind === 'list' ? [] : null,
    ]),
  )
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function setFlag(
  flags: Record<string, unknown>,
  command: CommandName,
  spec: CommandSpec,
  token: OptionToken,
): void {
  const flag = flagSpecs[token.name]
  const taken: readonly string[] = [...spec.flags, 'help']
  if (flag === undefined || !taken.includes(token.name)) throw unknownFlag(command, taken, token.rawName)
  const raw = `--${token.name}`
  if (flag.kind === 'switch') {
    if (token.value !== undefined)
      throw badValue(command, `${raw} takes no value, but got ${JSON.stringify(token.value)}`)
    flags[token.name] = true
    return
  }
  // A word that looks like a flag was hardly meant as a value; `--flag=-value` is.
  if (token.value === undefined || (token.inlineValue !== true && token.value.startsWith('-')))
    throw badValue(command, `${token.rawName} needs a value`)
  flags[token.name] = valueOf(command, raw, flag, token.value, flags[token.name])
}

function valueOf(command: CommandName, raw: string, flag: FlagSpec, value: string, before: unknown): unknown {
  switch (flag.kind) {
    case 'count':
      if (!/^[1-9]\d{0,5}$/.test(value))
        throw badValue(command, `${raw} is ${JSON.stringify(value)}, not a whole number from 1 on`)
      return Number(value)
    case 'choice':
      if (!flag.choices.includes(value))
        throw new CodedError('TN6003', `${raw} is ${JSON.stringify(value)}, which it cannot be`, {
          hint: nameHint(value, flag.choices),
        })
      return value
    case 'list':
      return [...(before as readonly string[]), value] // a list's value is a list: emptyFlags
    case 'path':
    case 'text':
    case 'switch':
      if (value === '') throw badValue(command, `${raw} needs a value`)
      return value
  }
}

function unknownFlag(command: CommandName, taken: readonly string[], rawName: string): CodedError {
  const name = rawName.replace(/^--?/, '')
  const others = commandNames.filter((other) => commandSpecs[other]?.flags.some((flag) => flag === name))
  const hint =
    others.length > 0
      ? `It is a flag of: ${others.map((other) => `tenon ${other}`).join(', ')}.`
      : nameHint(name, taken, (flag) => `--${flag}`)
  return new CodedError('TN6002', `tenon ${command} has no flag ${rawName}`, { hint })
}

function badValue(command: CommandName, fact: string): CodedError {
  return new CodedError('TN6003', fact, { hint: `tenon ${command} --help says what it takes.` })
}

function checkWords(command: CommandName, spec: CommandSpec, words: readonly string[]): void {
  const extra = words[spec.arguments.length]
  if (extra !== undefined)
    throw new CodedError(
      'TN6004',
      `tenon ${command} does not know what to do with ${JSON.stringify(extra)}`,
      {
        hint: `${spec.passesArguments === true ? 'Arguments of the program come after --. ' : ''}It is used so: ${commandForm(command, spec)}`,
      },
    )
  const missing = spec.arguments[words.length]
  if (missing?.required === true)
    throw new CodedError('TN6004', `tenon ${command} needs an argument: ${missing.name}`, {
      hint: `It is used so: ${commandForm(command, spec)}`,
    })
}
