// architecture.test.ts — who may import whom, as a table; the living form of ARCHITECTURE.md.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const ROOT = dirname(import.meta.dirname)

interface Rule {
  /** Folders of the project, besides itself. */
  readonly inside: readonly string[]
  /** npm packages. */
  readonly packages: readonly string[]
  /** Nothing of Node either. */
  readonly pure?: true
}

/** A file belongs to the longest folder that it is in. */
const TABLE: Readonly<Record<string, Rule>> = {
  'dsl/plan': { inside: [], packages: [] },
  'dsl/schema': { inside: ['dsl/plan'], packages: ['zod', 'zod-to-json-schema'], pure: true },
  dsl: { inside: ['dsl/plan', 'dsl/schema'], packages: [], pure: true },
  'runtime/load': { inside: ['dsl/plan'], packages: ['ts-morph', 'typescript', 'esbuild'] },
  'runtime/validate': { inside: ['dsl/plan'], packages: ['ajv'] },
  'runtime/store': { inside: ['dsl/plan'], packages: [] },
  'runtime/sandbox': { inside: ['dsl/plan'], packages: ['execa'] },
  'runtime/fetch': { inside: ['dsl/plan'], packages: ['ignore', 'picomatch'] },
  'runtime/report': { inside: ['dsl/plan'], packages: [] },
  'runtime/unchanged': { inside: [], packages: [] },
  'runtime/rebuild': {
    inside: ['dsl/plan', 'runtime/store', 'runtime/sandbox', 'runtime/validate'],
    packages: [],
  },
  'runtime/schedule': { inside: ['dsl/plan', 'runtime/rebuild'], packages: [] },
  'runtime/engines': {
    inside: [
      'dsl/plan',
      'runtime/rebuild',
      'runtime/store',
      'runtime/sandbox',
      'runtime/validate',
      'runtime/fetch',
      'runtime/report',
    ],
    packages: [],
  },
  'runtime/commands': {
    inside: [
      'dsl/plan',
      'runtime/load',
      'runtime/rebuild',
      'runtime/schedule',
      'runtime/engines',
      'runtime/store',
      'runtime/sandbox',
      'runtime/fetch',
      'runtime/report',
    ],
    packages: [],
  },
  'runtime/cli': {
    inside: [
      'dsl/plan',
      'runtime/commands',
      'runtime/load',
      'runtime/fetch',
      'runtime/schedule',
      'runtime/report',
      'runtime/unchanged',
    ],
    packages: [],
  },
  runtime: { inside: ['dsl/plan', 'runtime/commands', 'runtime/report'], packages: [] },
  'stdlib-steps': {
    inside: [],
    packages: [
      'tenon',
      'zod',
      'diff',
      'ignore',
      'modern-tar',
      'picomatch',
      'unbzip2-stream',
      'xz-decompress',
      'yauzl',
    ],
  },
  bench: { inside: [], packages: ['tenon', 'zod'] },
}
const FOLDERS = Object.keys(TABLE).toSorted((a, b) => b.length - a.length)
function folderOf(file: string): string {
  return FOLDERS.find((folder) => file.startsWith(folder + '/')) ?? dirname(file)
}

const sources = globSync(['dsl/**/*.ts', 'runtime/**/*.ts', 'stdlib-steps/**/*.ts', 'bench/**/*.ts'], {
  cwd: ROOT,
})

/** Of a file's beginning: a comment, space, or one import or export of another module. */
const HEAD = /\/\/.*\n|\s+|\/\*[^]*?\*\/|(?:import\s+|(?:import|export)\b[^'"`=();]*?\bfrom\s+)'([^']+)'.*\n/y
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(ROOT, file), 'utf8')
  const specifiers: string[] = []
  HEAD.lastIndex = 0
  for (let match = HEAD.exec(code); match !== null; match = HEAD.exec(code))
    if (match[1] !== undefined) specifiers.push(match[1])
  return [...specifiers, ...[...code.matchAll(/\bawait import\('([^']+)'\)/g)].map(([, later = '']) => later)]
}
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

function isAllowed(file: string, specifier: string): boolean {
  const folder = folderOf(file)
  const rule = TABLE[folder]
  if (rule === undefined) return false
  if (specifier.startsWith('node:')) return rule.pure !== true
  if (!specifier.startsWith('.')) return rule.packages.includes(packageOf(specifier))
  const target = folderOf(normalize(join(dirname(file), specifier)))
  return target === folder || rule.inside.includes(target)
}

test('every import is allowed by the table', () => {
  const offences = sources.flatMap((file) =>
    importsOf(file)
      .filter((specifier) => !isAllowed(file, specifier))
      .map((specifier) => `${file} → ${specifier}`),
  )
  assert.deepEqual(offences, [])
})

test('ARCHITECTURE.md shows the same table', () => {
  const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8')
  const rows = new Map(
    [...page.matchAll(/^\| `([\w/-]+)\/` \|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(
      ([, folder = '', inside = '', packages = '']) => [folder, [namesIn(inside), namesIn(packages)]],
    ),
  )
  const table = Object.entries(TABLE).map(([folder, { inside, packages }]) => [
    folder,
    [inside.map((name) => name.replace('runtime/', '')).toSorted(), packages.toSorted()],
  ])
  assert.deepEqual(Object.fromEntries(rows), Object.fromEntries(table))
})

/** Names in backticks. */
function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).toSorted()
}

test('no file imports itself through others', () => {
  const graph = new Map(
    sources.map((file) => [
      file,
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => normalize(join(dirname(file), specifier))),
    ]),
  )
  const done = new Set<string>()
  const path: string[] = []
  const cycles: string[] = []
  const visit = (file: string): void => {
    const at = path.indexOf(file)
    if (at !== -1) cycles.push([...path.slice(at), file].join(' → '))
    if (at !== -1 || done.has(file)) return
    path.push(file)
    for (const next of graph.get(file) ?? []) visit(next)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  assert.deepEqual(cycles, [])
})

test('every file says on its first line what it is for', () => {
  const offences = sources.filter((file) => {
    const first =
      readFileSync(join(ROOT, file), 'utf8')
        .replace(/^#!.*\n/, '')
        .split('\n')[0] ?? ''
    return !first.startsWith(`// ${file.split('/').at(-1)} — `)
  })
  assert.deepEqual(offences, [])
})

test('no file is over 300 lines', () => {
  const offences = sources.filter((file) => readFileSync(join(ROOT, file), 'utf8').split('\n').length > 300)
  assert.deepEqual(offences, [])
})

/** One thing a file, and more than twelve such things. */
const LONG_LISTS = new Set([
  'dsl/schema',
  'runtime/cli/commands',
  'runtime/commands',
  'runtime/load/bodies',
  'runtime/store',
  'stdlib-steps',
])

test('a folder has at most 12 files, but for the long lists that are named here', () => {
  const counts = new Map<string, number>()
  for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  const crowded = [...counts].filter(([, count]) => count > 12).map(([folder]) => folder)
  assert.deepEqual(crowded.toSorted(), [...LONG_LISTS])
})

test('every error code in the sources has its section in docs/errors.md, in order, and the other way round', () => {
  const used = new Set(
    sources.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bTN\d{4}\b/g)].map(([code]) => code),
    ),
  )
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')
  const documented = [...page.matchAll(/^## (TN\d{4}) — /gm)].map(([, code = '']) => code)
  assert.deepEqual(documented, [...used].toSorted())
})
