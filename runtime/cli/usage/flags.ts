// flags.ts — every flag of the command line: its value and what it does. Which command takes it: command-table.ts.

export type FlagSpec = { readonly doc: string; readonly short?: string } & (
  | { readonly kind: 'switch' }
  | { readonly kind: 'count'; readonly value: string }
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'list'; readonly value: string } // may be given several times
)

export const FLAGS = {
  jobs: {
    kind: 'count',
    short: 'j',
    value: 'n',
    doc: 'Run at most n steps at a time; as many as there are processors by default.',
  },
  'keep-going': {
    kind: 'switch',
    doc: 'After a failure, go on with every step that does not need the failed one.',
  },
  'keep-failed': { kind: 'switch', doc: 'Keep the working directory of a failed step and say where it is.' },
  force: { kind: 'switch', doc: 'Run the steps of the target even if their results are in the store.' },
  check: {
    kind: 'switch',
    doc: 'Then run every step again and compare: does it give the same? With --keep-failed both versions are kept.',
  },
  frozen: { kind: 'switch', doc: 'Refuse to add to tenon.lock.' },
  offline: { kind: 'switch', doc: 'Download nothing.' },
  mirror: {
    kind: 'list',
    value: 'FROM=TO',
    doc: 'Fetch what is at URLs that begin with FROM from TO, a URL or a directory, instead. Also: $TENON_MIRRORS, config.json.',
  },
  granularity: {
    kind: 'text',
    value: 'units',
    doc: 'Which consecutive steps are one unit, of which only the last keeps its work trees: fused, split, auto (the default), or names of steps that end a unit (unpack,configure). Results are the same.',
  },
  sandbox: {
    kind: 'choice',
    choices: ['auto', 'supervisor', 'bubblewrap', 'unshare', 'landlock', 'plain'],
    doc: 'How steps are isolated: auto takes the first of the others that works here.',
  },
  progress: {
    kind: 'choice',
    choices: ['auto', 'tty', 'plain', 'json', 'quiet'],
    doc: 'How the progress is shown on standard error: auto means tty on a terminal, plain elsewhere.',
  },
  json: { kind: 'switch', doc: 'Print JSON for programs to read.' },
  'out-link': {
    kind: 'path',
    value: 'path',
    doc: 'Where to put the link to the result; `result` by default.',
  },
  'no-link': { kind: 'switch', doc: 'Make no link to the result.' },
  program: {
    kind: 'text',
    value: 'name',
    doc: 'Which program of the result to run; needed when there are several.',
  },
  format: { kind: 'choice', choices: ['dot', 'mermaid'], doc: 'The language of the graph; dot by default.' },
  template: {
    kind: 'choice',
    choices: ['quickstart', 'c'],
    doc: 'What to begin with; quickstart by default.',
  },
  to: { kind: 'choice', choices: ['dir'], doc: 'What to make of the result: dir (the default), a folder.' },
  'dry-run': { kind: 'switch', doc: 'Say what would be removed, and remove nothing.' },
  'keep-days': {
    kind: 'count',
    value: 'n',
    doc: 'Keep also what a build used in the last n days.',
  },
  repair: { kind: 'switch', doc: 'Remove what is damaged, so that the next build makes it again.' },
  help: { kind: 'switch', short: 'h', doc: 'Print the help of the command.' },
} as const satisfies Record<string, FlagSpec>

export type FlagName = keyof typeof FLAGS

type FlagValue<S> = S extends { kind: 'switch' }
  ? boolean
  : S extends { kind: 'count' }
    ? number | null
    : S extends { kind: 'list' }
      ? readonly string[]
      : S extends { kind: 'choice'; choices: readonly (infer C)[] }
        ? C | null
        : string | null

/** The value of every flag; null, false or empty when it was not given. */
export type Flags = { readonly [F in FlagName]: FlagValue<(typeof FLAGS)[F]> }

/** The same table, with no more known of an entry than its kind. */
export const flagSpecs: Readonly<Record<string, FlagSpec>> = FLAGS

/** `-j, --jobs <n>` */
export function flagForm(name: string, spec: FlagSpec): string {
  const short = spec.short === undefined ? '' : `-${spec.short}, `
  return `${short}--${name}${valueForm(spec)}`
}

function valueForm(spec: FlagSpec): string {
  switch (spec.kind) {
    case 'switch':
      return ''
    case 'count':
    case 'path':
    case 'text':
    case 'list':
      return ` <${spec.value}>`
    case 'choice':
      return ` ${spec.choices.join('|')}`
  }
}
