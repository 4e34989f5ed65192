// architecture.test.ts — who may import whom, as a table; the living form of ARCHITECTURE.md.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'

const ROOT = dirname(import.meta.dirname)

/** Longest matching folder wins. `inside`: folders of the project; `packages`: npm packages; node: builtins unless `pure`. */
const TABLE: Readonly<
  Record<string, { inside: readonly string[]; packages: readonly string[]; pure?: true }>
> = {
  'dsl/plan': { inside: ['dsl/plan'], packages: [] },
  dsl: { inside: ['dsl', 'dsl/plan', 'dsl/schema'], packages: [], pure: true },
  'dsl/schema': { inside: ['dsl/schema', 'dsl/plan'], packages: ['zod', 'zod-to-json-schema'], pure: true },
  'runtime/load': { inside: ['runtime/load', 'dsl/plan'], packages: ['ts-morph', 'typescript', 'esbuild'] },
  'runtime/validate': { inside: ['runtime/validate', 'dsl/plan'], packages: ['ajv'] },
  'runtime/store': { inside: ['runtime/store', 'dsl/plan'], packages: [] },
  'runtime/sandbox': { inside: ['runtime/sandbox', 'dsl/plan'], packages: ['execa'] },
  'runtime/fetch': { inside: ['runtime/fetch', 'dsl/plan'], packages: ['ignore', 'picomatch'] },
  'runtime/schedule': { inside: ['runtime/schedule', 'dsl/plan', 'runtime/rebuild'], packages: [] },
  'runtime/rebuild': {
    inside: [
      'runtime/rebuild',
      'dsl/plan',
      'runtime/store',
      'runtime/sandbox',
      'runtime/validate',
      'runtime/fetch',
    ],
    packages: [],
  },
  'runtime/engines': {
    inside: [
      'runtime/engines',
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
  'runtime/report': { inside: ['runtime/report', 'dsl/plan'], packages: [] },
  'runtime/cli': {
    inside: [
      'runtime/cli',
      'runtime/report',
      'runtime/load',
      'runtime/fetch',
      'runtime/sandbox',
      'runtime',
      'dsl/plan',
    ],
    packages: [],
  },
  runtime: {
    inside: [
      'runtime',
      'dsl/plan',
      'runtime/load',
      'runtime/schedule',
      'runtime/rebuild',
      'runtime/engines',
      'runtime/store',
      'runtime/sandbox',
      'runtime/fetch',
      'runtime/report',
    ],
    packages: [],
  },
}
const FOLDERS = Object.keys(TABLE).toSorted((a, b) => b.length - a.length)
const folderOf = (file: string): string | undefined => FOLDERS.find((folder) => file.startsWith(folder + '/'))

const sources = globSync(['dsl/**/*.ts', 'runtime/**/*.ts', 'stdlib-steps/**/*.ts'], { cwd: ROOT })
const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g
function importsOf(file: string): readonly string[] {
  const code = readFileSync(join(ROOT, file), 'utf8')
  return code
    .split('\n')
    .filter(
      (line) => /^\s*(?:import|export|\}|const|let|await|return)/.test(line) || line.includes('import('),
    )
    .flatMap((line) => [...line.matchAll(IMPORT)].map((match) => match[1] ?? ''))
}
const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

test('every import in dsl and runtime is allowed by the table', () => {
  const offences: string[] = []
  for (const file of sources) {
    const folder = folderOf(file)
    if (folder === undefined) continue
    const rule = TABLE[folder]
    assert(rule)
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith('.')) {
        const target = folderOf(normalize(join(dirname(file), specifier)))
        if (target === undefined || !rule.inside.includes(target)) offences.push(`${file} → ${specifier}`)
      } else if (specifier.startsWith('node:')) {
        if (rule.pure === true) offences.push(`${file} → ${specifier}`)
      } else if (!rule.packages.includes(packageOf(specifier))) offences.push(`${file} → ${specifier}`)
    }
  }
  assert.deepEqual(offences, [])
})

test('the core carries no toolchain: neither dsl nor runtime imports stdlib-steps', () => {
  const offences = sources.filter(
    (file) =>
      !file.startsWith('stdlib-steps/') && importsOf(file).some((s) => /stdlib-steps|tenon\/steps/.test(s)),
  )
  assert.deepEqual(offences, [])
})

test('stdlib-steps reaches the rest of the project by the package name alone', () => {
  const offences = sources
    .filter((file) => file.startsWith('stdlib-steps/'))
    .flatMap((file) => importsOf(file).map((specifier) => ({ file, specifier })))
    .filter(
      ({ file, specifier }) =>
        specifier.startsWith('.') && !normalize(join(dirname(file), specifier)).startsWith('stdlib-steps/'),
    )
  assert.deepEqual(offences, [])
})

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

test('every error code in the sources has its section in docs/errors.md, and the other way round', () => {
  const used = new Set(
    sources.flatMap((file) =>
      [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\bTN\d{4}\b/g)].map((m) => m[0]),
    ),
  )
  const documented = new Set(
    [...readFileSync(join(ROOT, 'docs/errors.md'), 'utf8').matchAll(/^## (TN\d{4}) — /gm)].map(
      (m) => m[1] ?? '',
    ),
  )
  assert.deepEqual([...used].filter((code) => !documented.has(code)).toSorted(), [])
  assert.deepEqual([...documented].filter((code) => !used.has(code)).toSorted(), [])
})
