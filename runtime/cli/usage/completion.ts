// completion.ts — completion scripts for bash, zsh and fish, from the table.
import { commandNames, commandSpecs, STORE_ACTIONS, type CommandSpec } from './command-table.ts'
import { flagSpecs, type FlagSpec } from './flags.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export function completionScript(shell: Shell): string {
  switch (shell) {
    case 'bash':
      return bashScript()
    case 'zsh':
      return zshScript()
    case 'fish':
      return fishScript()
  }
}

interface Command {
  readonly name: string
  readonly spec: CommandSpec
  readonly flags: readonly { readonly name: string; readonly spec: FlagSpec }[]
}

function commands(): readonly Command[] {
  return commandNames.flatMap((name) => {
    const spec = commandSpecs[name]
    if (spec === undefined) return []
    const flags = [...spec.flags, 'help'].flatMap((flag) => {
      const flagSpec = flagSpecs[flag]
      return flagSpec === undefined ? [] : [{ name: flag, spec: flagSpec }]
    })
    return [{ name, spec, flags }]
  })
}

/** The words an argument can be; null: a file. */
function wordsOf(spec: CommandSpec): readonly string[] | null {
  const kind = spec.arguments[0]?.kind
  if (kind === 'command') return commandNames
  if (kind === 'shell') return SHELLS
  if (kind === 'store-action') return STORE_ACTIONS
  return kind === undefined ? [] : null
}

function bashScript(): string {
  const choices = Object.entries(flagSpecs).flatMap(([name, spec]) =>
    spec.kind === 'choice' ? [`    --${name}) words="${spec.choices.join(' ')}" ;;`] : [],
  )
  const cases = commands().map(({ name, spec, flags }) => {
    const words = wordsOf(spec)
    const all = [...flags.map((flag) => `--${flag.name}`), ...(words ?? [])].join(' ')
    return `    ${name}) words="${all}"${words === null ? ' files=1' : ''} ;;`
  })
  return `# bash completion for tenon: source <(tenon completion bash)
_tenon() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" words= files=
  COMPREPLY=()
  case "$previous" in
${choices.join('\n')}
    --out-link) files=1 ;;
    *)
      if [ "$COMP_CWORD" -eq 1 ]; then words="${commandNames.join(' ')}"; else
        case "\${COMP_WORDS[1]}" in
${cases.map((line) => `      ${line.trimStart()}`).join('\n')}
        esac
      fi ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ -n "$files" ]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _tenon tenon
`
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`
const zshText = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`)

function zshScript(): string {
  const described = commands().map(({ name, spec }) => `    ${quoted(`${name}:${zshText(spec.summary)}`)}`)
  const cases = commands().map(({ name, spec, flags }) => {
    const words = wordsOf(spec)
    const argument = words === null ? '*:file:_files' : `*:word:(${words.join(' ')})`
    const lines = [...flags.map((flag) => zshFlag(flag.name, flag.spec)), argument]
    return `    ${name}) _arguments ${lines.map(quoted).join(' ')} ;;`
  })
  return `#compdef tenon
# zsh completion for tenon: source <(tenon completion zsh)
_tenon() {
  local -a commands=(
${described.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command="$words[2]"
  shift words; (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _tenon ]; then _tenon "$@"; else compdef _tenon tenon; fi
`
}

function zshFlag(name: string, spec: FlagSpec): string {
  const form = `--${name}[${zshText(spec.doc)}]`
  switch (spec.kind) {
    case 'switch':
      return form
    case 'choice':
      return `${form}:${name}:(${spec.choices.join(' ')})`
    case 'path':
      return `${form}:${spec.value}:_files`
    case 'list':
      return `*${form}:${zshText(spec.value)}:`
    case 'count':
    case 'text':
      return `${form}:${spec.value}:`
  }
}

function fishScript(): string {
  const lines = commands().flatMap(({ name, spec, flags }) => {
    const words = wordsOf(spec)
    const when = `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`
    return [
      `complete -c tenon -n __fish_use_subcommand -f -a ${name} -d ${quoted(spec.summary)}`,
      ...flags.map((flag) => `complete -c tenon ${when} ${fishFlag(flag.name, flag.spec)}`),
      ...(words === null ? [] : [`complete -c tenon ${when} -f -a ${quoted(words.join(' '))}`]),
    ]
  })
  return `# fish completion for tenon: tenon completion fish > ~/.config/fish/completions/tenon.fish\n${lines.join('\n')}\n`
}

function fishFlag(name: string, spec: FlagSpec): string {
  const short = spec.short === undefined ? '' : ` -s ${spec.short}`
  const value =
    spec.kind === 'choice' ? ` -x -a ${quoted(spec.choices.join(' '))}` : spec.kind === 'switch' ? '' : ' -r'
  return `-l ${name}${short}${value} -d ${quoted(spec.doc)}`
}
