// command-table.ts — every command: arguments, flags, examples. Parsing, help, completion and docs/cli.md come of it.
import type { FlagName } from './flags.ts'

export interface ArgumentSpec {
  readonly name: string
  readonly kind: 'target' | 'directory' | 'command' | 'shell' | 'store-action'
  readonly required: boolean
}
export interface CommandSpec {
  readonly summary: string
  readonly details: string
  readonly arguments: readonly ArgumentSpec[]
  /** What follows `--` goes to a program. */
  readonly passesArguments?: true
  readonly flags: readonly FlagName[]
  readonly examples: readonly (readonly [line: string, what: string])[]
}

const TARGET: ArgumentSpec = { name: 'target', kind: 'target', required: false }
const STEP: ArgumentSpec = { name: 'target@step', kind: 'target', required: true }
const REALISING: readonly FlagName[] = [
  ...([
    'jobs',
    'keep-going',
    'keep-failed',
    'force',
    'frozen',
    'offline',
    'mirror',
    'granularity',
    'sandbox',
    'progress',
  ] as const),
]

export const STORE_ACTIONS = ['ls', 'path-info', 'verify', 'gc', 'du'] as const

export const COMMANDS = {
  init: {
    summary: 'Begin a project: a build file that works at once.',
    details: 'Writes build.ts, tsconfig.json, package.json and .gitignore. Refuses to overwrite a file.',
    arguments: [{ name: 'directory', kind: 'directory', required: false }],
    flags: ['template'],
    examples: [
      ['tenon init', 'in the current directory'],
      ['tenon init hello --template c', 'a C program, compiled with the cc of this machine'],
    ],
  },
  build: {
    summary: 'Make the target and print its document.',
    details:
      'Type-checks the build file, runs the steps whose results are not in the store, and prints the output document. ' +
      'The files of the result are linked as `result`, or `result-<field>` when there are several. ' +
      'With --json, events and the result are printed as JSON lines.',
    arguments: [TARGET],
    flags: [...REALISING, 'check', 'json', 'out-link', 'no-link'],
    examples: [
      ['tenon build', 'the default export of build.ts'],
      ['tenon build examples/quickstart', 'of another directory'],
      ['tenon build pkg.ts#lib@unpack', 'up to the step unpack of the export lib'],
      ['tenon build --json | tail -n 1', 'the result alone, as one JSON line'],
      ['tenon build --check', 'is every step reproducible?'],
    ],
  },
  check: {
    summary: 'Check types and plan; run nothing.',
    details:
      'Fails with the same errors with which a build would refuse to begin; warnings of modules go to standard error. ' +
      'With --json, errors, warnings and the result are printed as JSON lines.',
    arguments: [TARGET],
    flags: ['json'],
    examples: [
      ['tenon check', 'the build.ts of the current directory'],
      ['tenon check --json', 'for programs'],
    ],
  },
  plan: {
    summary: 'Show the steps that a build would go through; run nothing.',
    details: 'Steps in order, with what each runs, adds and drops, and whether its result is in the store.',
    arguments: [TARGET],
    flags: ['granularity', 'json'],
    examples: [
      ['tenon plan', 'as a table'],
      ['tenon plan --json', 'with schemas and keys'],
    ],
  },
  graph: {
    summary: 'Draw the plan: packages, steps, and what flows between them.',
    details: 'Prints the text of a graph for Graphviz or Mermaid.',
    arguments: [TARGET],
    flags: ['format'],
    examples: [['tenon graph | dot -Tsvg > plan.svg', 'a picture, drawn by Graphviz']],
  },
  log: {
    summary: 'Print the log of a step.',
    details: 'The log of the last run of the step, or of the last step of the target when none is named.',
    arguments: [TARGET],
    flags: [],
    examples: [['tenon log @configure', 'what configure said']],
  },
  shell: {
    summary: 'Open a shell where a step runs.',
    details: "Makes the step's inputs, then starts a shell with its files, document, tools and isolation.",
    arguments: [STEP],
    flags: REALISING,
    examples: [['tenon shell @make', 'to find out why make fails']],
  },
  source: {
    summary: "Make the target's sources, patched, and print where they are.",
    details: 'Runs the steps up to the last one before anything is compiled; later ones never run.',
    arguments: [TARGET],
    flags: [...REALISING, 'json', 'out-link', 'no-link'],
    examples: [['tenon source', 'the sources of the default export']],
  },
  run: {
    summary: 'Build the target and run its program.',
    details: 'Everything after -- goes to the program; standard input and the exit code are its own.',
    arguments: [TARGET],
    passesArguments: true,
    flags: [...REALISING, 'program'],
    examples: [['tenon run examples/gnu-hello -- --traditional', 'with an argument']],
  },
  why: {
    summary: 'Say why steps would run again.',
    details: "Compares each step's key with that of the last build, part by part.",
    arguments: [TARGET],
    flags: ['json'],
    examples: [['tenon why', 'what changed since the last build']],
  },
  options: {
    summary: 'List the options of a package made of modules; run nothing.',
    details:
      'Each with its type, default, value and the places that set it. No step is made, so it works for a package that cannot be planned yet.',
    arguments: [TARGET],
    flags: ['json'],
    examples: [
      ['tenon options', 'of the default export, as a table'],
      ['tenon options pkg.ts#lib --json', 'for programs'],
    ],
  },
  docs: {
    summary: 'Print the options of a package as Markdown.',
    details: 'The same text wherever the project lies.',
    arguments: [TARGET],
    flags: [],
    examples: [['tenon docs > OPTIONS.md', 'a page for the users of the package']],
  },
  update: {
    summary: 'Fetch again what tenon.lock pins, and write the new hashes.',
    details: 'Touches only the entries that the target uses; a step names its entry with `lockKey`.',
    arguments: [TARGET],
    flags: ['mirror', 'progress'],
    examples: [['tenon update', 'for all downloads of the default export']],
  },
  export: {
    summary: 'Make of the result a folder that works without Tenon.',
    details:
      'Builds the target and copies it with all that it refers to. What is in bin/ of the folder starts the programs, ' +
      'wherever the folder is moved; programs that name paths of the store need bubblewrap or unshare for that. ' +
      'Libraries of the machine that the programs use are not copied.',
    arguments: [
      { name: 'target', kind: 'target', required: true },
      { name: 'path', kind: 'directory', required: true },
    ],
    flags: [...REALISING, 'to', 'json'],
    examples: [['tenon export examples/gnu-hello --to dir hello', 'then: hello/bin/hello']],
  },
  store: {
    summary: 'Look into the store, check it, and free space.',
    details:
      'ls lists the objects; path-info says what is known of one, named by path, by a link to it or as a target; ' +
      'verify reads everything again and names what is damaged; ' +
      'gc removes what no result link and no running build holds; du sums up by package.',
    arguments: [
      { name: STORE_ACTIONS.join('|'), kind: 'store-action', required: true },
      { name: 'path|target', kind: 'target', required: false },
    ],
    flags: ['json', 'dry-run', 'keep-days', 'repair'],
    examples: [
      ['tenon store gc --dry-run', 'what could be removed'],
      ['tenon store path-info result', 'what the last result is made of and what keeps it'],
      ['tenon store verify --repair', 'after a disk failed'],
    ],
  },
  completion: {
    summary: 'Print a completion script for a shell.',
    details: 'To be read by the shell when it starts.',
    arguments: [{ name: 'bash|zsh|fish', kind: 'shell', required: true }],
    flags: [],
    examples: [
      ['source <(tenon completion bash)', 'in ~/.bashrc'],
      ['tenon completion fish > ~/.config/fish/completions/tenon.fish', 'once'],
    ],
  },
  version: {
    summary: 'Print the version.',
    details: 'With the versions of Node and of the formats of plans and events.',
    arguments: [],
    flags: [],
    examples: [['tenon version', 'also: tenon --version']],
  },
  help: {
    summary: 'Print the help of a command.',
    details: 'Without a command: what there is.',
    arguments: [{ name: 'command', kind: 'command', required: false }],
    flags: [],
    examples: [['tenon help build', 'also: tenon build --help']],
  },
} as const satisfies Record<string, CommandSpec>

export type CommandName = keyof typeof COMMANDS

export const commandSpecs: Readonly<Record<string, CommandSpec>> = COMMANDS
// Object.keys gives back the keys of the table.
export const commandNames = Object.keys(COMMANDS) as readonly CommandName[]

/** `tenon run [flags] [target] [-- arguments…]` */
export function commandForm(name: string, spec: CommandSpec): string {
  const words = spec.arguments.map((argument) =>
    argument.required ? `<${argument.name}>` : `[${argument.name}]`,
  )
  const flags = spec.flags.length > 0 ? ['[flags]'] : []
  return [
    'tenon',
    name,
    ...flags,
    ...words,
    ...(spec.passesArguments === true ? ['[-- arguments…]'] : []),
  ].join(' ')
}

export const TARGET_DOC =
  'A target is `[file][#export][@step]`: a build file, an export of it and a step of that. A directory means its build.ts. ' +
  'Without a file it is build.ts, without an export `default`, without a step the whole package.'
