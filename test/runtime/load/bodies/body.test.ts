// body.test.ts — what a body takes along, what it may be written as, and what it computes once it is cut out.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneStep, TempProject } from '../temp-project.ts'

const value = async (run: string, top?: string, files = {}): Promise<unknown> =>
  new TempProject({ 'build.ts': oneStep(run, top), ...files }).run('one', { params: {} })

test('a body may be a method, an arrow function, a function expression or a function of the module', async () => {
  assert.deepEqual(await value('run() { return { value: 1 } }'), { value: 1 })
  assert.deepEqual(await value('run: async () => ({ value: 2 })'), { value: 2 })
  assert.deepEqual(await value('run: function go() { return { value: typeof go } }'), { value: 'function' })
  assert.deepEqual(await value('run: work', 'function work() { return { value: 4 } }'), { value: 4 })
  assert.deepEqual(await value('run: work', 'const work = () => ({ value: 5 })'), { value: 5 })
  assert.deepEqual(await value('run', 'const run = () => ({ value: 6 })'), { value: 6 })
  assert.deepEqual(await value('run: (() => ({ value: 7 })) as () => { value: number }'), { value: 7 })
})

test('a body may be an imported function', async () => {
  const files = { 'work.ts': 'export const work = (): { value: number } => ({ value: 8 })' }
  assert.deepEqual(await value('run: work', "import { work } from './work.ts'", files), { value: 8 })
})

test('module-level functions, classes, enums and constants come along with all that they use', async () => {
  const top = `
import { basename } from 'node:path'
import * as os from 'node:os'
import type { Stats } from 'node:fs'
enum Level { low = 1, high = low + 1 }
const base = 40, unused = 1
export const [first, { second: renamed = 2 }] = [base, {}] as const
class Sum { static of(a: number, b: number): number { return a + b } }
function overloaded(x: string): string
function overloaded(x: number): number
function overloaded(x: unknown): unknown { return x }
interface Shape { stats?: Stats }
export function total(this: void): number { const shape: Shape = {}; return Sum.of(first, renamed) + Object.keys(shape).length }`
  const run = `run() { return { value: [total(), Level.high, basename('/a/b'), typeof os.cpus, overloaded(3)] } }`
  assert.deepEqual(await value(run, top), { value: [42, 2, 'b', 'function', 3] })
})

test('statements that complete a constant come along; others do not', async () => {
  const top = `
const table: Record<string, number> = {}
table.a = 1
for (const key of ['b', 'c']) table[key] = 2
Object.assign(table, { d: 4 })
const seen = new Set<string>()
seen.add('x')
function label() { return label.text }
label.text = 'hi'
console.error('while planning')`
  const project = new TempProject({
    'build.ts': oneStep(`run() { return { value: [table, [...seen], label()] } }`, top),
  })
  assert.deepEqual(await project.run('one'), { value: [{ a: 1, b: 2, c: 2, d: 4 }, ['x'], 'hi'] })
})

test('plain values of enclosing functions and blocks are lifted into the plan', async () => {
  const project = new TempProject({
    'build.ts': `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
function make(name: string, { deep: [n] }: { deep: number[] }) {
  const more = { list: [1, 'two', null] }
  return defineStep({ name, output: z.object({ value: z.any() }), run: () => ({ value: [name, n, more.list] }) })
}
const steps = []
for (const n of [1, 2]) { steps.push(make('s' + n, { deep: [n] })) }
export const a = chain('a', steps[0]!())
export const b = chain('b', steps[1]!())
`,
  })
  assert.deepEqual(await project.run('s1'), { value: ['s1', 1, [1, 'two', null]] })
  assert.deepEqual(await project.run('s2'), { value: ['s2', 2, [1, 'two', null]] })
  assert.equal(new Set(await project.digests()).size, 1, 'one code, two data')
})

test('names inside a body may shadow, repeat and destructure without being mixed up', async () => {
  const run = `run({ params: { a = 1, ...rest }, params }) {
    const b = { a, params: Object.keys(params), rest }
    { const a = 2; b.a += a }
    const [c, { d: e = c } = {}] = [b.a]
    const f = ({ a }) => a
    let g, h; ({ a: g, ...h } = { a: 5 }); for (const a of [1]) g += a
    label: for (;;) { break label }
    return { value: { b, c, e, f: f({ a: 9 }), g, top, h: \`\${top}\`, k: class top { static n = top.name.length }.n > 0 } } }`
  const got = await value(run, 'const top = "t"')
  const b = { a: 3, params: [], rest: {} }
  assert.deepEqual(got, { value: { b, c: 3, e: 3, f: 9, g: 6, top: 't', h: 't', k: true } })
})

test('defineStep is found under another name, in a namespace and in parentheses', async () => {
  for (const [imports, call] of [
    ["import { chain, defineStep as step } from 'tenon'", 'step'],
    ["import { chain } from 'tenon'\nimport * as t from 'tenon'", 't.defineStep'],
    ["import { chain, defineStep } from 'tenon'", '(0, defineStep)'],
  ]) {
    const build = `import { z } from 'zod'\n${imports}
const one = ${call}(({ 'name': 'one', output: z.object({ value: z.number() }), ['run']() { return { value: 1 } } }))
export default chain('main', one())\n`
    assert.deepEqual(await new TempProject({ 'build.ts': build }).run('one'), { value: 1 })
  }
})

test('a body may use schemas of tenon and zod, and packages of the project in either module format', async () => {
  const project = new TempProject({
    'build.ts': oneStep(
      `run() { return { value: [params.parse({ dir: '/x', n: '3' }), tree3().parse('/y'), two(1), inEs, deep()] } }`,
      `import { tree, tree3 } from 'tenon'
import { two } from 'cjs'
import { inEs } from 'esm'
import { deep } from './lib/deep.js'
const params = z.object({ dir: tree(), n: z.coerce.number() })`,
    ),
    'lib/deep.ts': `import data from './data.json' with { type: 'json' }\nexport const deep = (): number => data.n`,
    'lib/data.json': '{ "n": 7 }',
    'node_modules/cjs/package.json': '{ "name": "cjs", "main": "main.js" }',
    'node_modules/cjs/main.js': `const path = require('path'); exports.two = (x) => path.join('a', String(x + 1))`,
    'node_modules/esm/package.json': '{ "name": "esm", "type": "module", "exports": "./main.js" }',
    'node_modules/esm/main.js': `export const inEs = 'esm'`,
  })
  assert.deepEqual(await project.run('one'), { value: [{ dir: '/x', n: 3 }, '/y', 'a/2', 'esm', 7] })
})

test('a body may use modules that await at the top level, or ask where they are', async () => {
  const late = { 'late.ts': 'export const late = await Promise.resolve(9)' }
  assert.deepEqual(
    await value('run() { return { value: late } }', "import { late } from './late.ts'", late),
    {
      value: 9,
    },
  )
  const here = { 'here.ts': 'export const here = (): string => import.meta.url' }
  const told = await value('run() { return { value: here() } }', "import { here } from './here.ts'", here)
  assert.match(JSON.stringify(told), /file:\/\/.*\.js/)
})

test('a body may use a plain function of a module that also plans', async () => {
  const project = new TempProject({
    'build.ts': oneStep(`run() { return { value: helper() } }`, "import { helper } from './all.ts'"),
    'all.ts': "export * from './both.ts'\nexport { other } from './other.ts'",
    'other.ts': oneStep('run: () => ({ value: 0 })').replace('export default', 'export const other ='),
    'both.ts': `import { z } from 'zod'
import { chain, defineStep, tree as folder, file } from 'tenon'
import { script } from 'tenon/steps'
const two = defineStep({ name: 'two', output: z.object({ dir: folder() }), run: ({ out }) => ({ dir: out.dir }) })
const schema = z.object({ file: file() })
export const { output: { dir } } = chain('both', two())
export default chain('second', two())
export function again() { return two() }
console.error(dir)
export const helper = () => schema.parse({ file: '/f' }).file`,
  })
  assert.deepEqual(await project.run('one'), { value: '/f' })
})
