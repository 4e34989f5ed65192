// refusal.test.ts — what cannot leave its module is refused where it stands, by name.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oneStep, TempProject } from '../temp-project.ts'

/** The place of the mark in a text, as `file:line:column` of what follows it. */
const MARK = '/**/'
function marked(file: string, text: string): string {
  const before = text.slice(0, text.indexOf(MARK) + MARK.length).split('\n')
  return `${file}:${before.length}:${(before.at(-1) ?? '').length + 1}`
}

async function refused(code: string, message: string, run: string, top = '', files = {}): Promise<void> {
  const build = oneStep(run, top)
  assert(build.includes(MARK), 'the test marks a place')
  const project = new TempProject({ 'build.ts': build, ...files })
  assert.equal(await project.refusal(), `${code} ${marked('build.ts', build)} ${message}`)
}

const BODY = "the body of step 'one'"

test('a module variable that changes is refused', async () => {
  const value = `run() { return { value: ${MARK}n } }`
  const message = `${BODY} uses 'n', which line 3 changes`
  await refused('TN1105', message, value, 'let n = 1; export const next = () => { n++ }')
  await refused('TN1105', message, value, 'let n = 1; n = 2')
  await refused('TN1105', message, value, 'const n = [1]; export function add(x: number) { n.push(x) }')
  await refused('TN1105', message, value, 'const n = { m: { k: 1 } }; export const set = () => { n.m.k = 2 }')
  await refused(
    'TN1105',
    `${BODY} uses 'n' (through 'read'), which line 3 changes`,
    `run() { return { value: ${MARK}read() } }`,
    'let n = 1; const read = () => n; [n] = [2]',
  )
})

test('a body may change its own copy of a module constant', async () => {
  const run = 'run() { memo.set(1, 2); return { value: [...memo] } }'
  const project = new TempProject({ 'build.ts': oneStep(run, 'const memo = new Map()') })
  assert.deepEqual(await project.run('one'), { value: [[1, 2]] })
})

test('values that are made while planning are refused, directly or at a distance', async () => {
  await refused(
    'TN1106',
    `${BODY} uses 'chain' of 'tenon', which only plans`,
    `run() { return { value: ${MARK}chain } }`,
  )
  await refused(
    'TN1106',
    `${BODY} uses 'version', which is made while planning (by 'chain' of 'tenon')`,
    `run() { return { value: ${MARK}version() } }`,
    `const pkg = chain('two')
const version = () => pkg.name`,
  )
  await refused(
    'TN1106',
    `${BODY} uses 'make' of 'tenon/steps', which only plans`,
    `run() { return { value: ${MARK}make() } }`,
    "import { make } from 'tenon/steps'",
  )
  await refused(
    'TN1106',
    `${BODY} uses 'parallel' of 'tenon', which only plans`,
    `run() { return { value: ${MARK}t.parallel } }`,
    "import * as t from 'tenon'",
  )
})

test('a planned value of another module is refused with both places', async () => {
  const project = new TempProject({
    'build.ts': oneStep('run() { return { value: pkg.name } }', "import { pkg } from './pkg.ts'"),
    'pkg.ts': oneStep('run: () => ({ value: 0 })').replace('export default', 'export const pkg ='),
  })
  const error = await project.failure()
  assert.equal(error.code, 'TN1106')
  assert.match(error.message, /the body of step 'one' reaches 'pkg', which is made while planning/)
  assert.match(error.details.join(), /'pkg' is at .*pkg\.ts:5:14/)
  assert.equal(error.position?.file, project.path('build.ts'))
})

test('this, super, arguments, new.target and import.meta of a body are refused', async () => {
  for (const word of ['this', 'arguments', 'new.target', 'super'])
    await refused('TN1103', `${BODY} uses ${word}`, `run() { return { value: ${MARK}${word}.x } }`)
  await refused('TN1110', `${BODY} uses import.meta`, `run() { return { value: ${MARK}import.meta.url } }`)
  await refused('TN1103', `${BODY} uses this`, `run: () => ({ value: ${MARK}this })`)
})

test('functions inside of a body have their own this and arguments', async () => {
  const run = `run() {
    class Box { n = 3; get() { return this.n } }
    function count() { return arguments.length }
    return { value: [new Box().get(), count(1, 2), { n: 4, get() { return this.n } }.get()] } }`
  assert.deepEqual(await new TempProject({ 'build.ts': oneStep(run) }).run('one'), { value: [3, 2, 4] })
})

test('functions and classes of an enclosing function are refused, other captures must be plain data', async () => {
  const inside = (local: string): string => `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
function make() {
  ${local}
  return defineStep({ name: 'one', output: z.object({ value: z.any() }), run: () => ({ value: local }) })
}
export default chain('main', make()())`
  const refusal = (local: string): Promise<string> => new TempProject({ 'build.ts': inside(local) }).refusal()
  const captured = (what: string): RegExp =>
    new RegExp(
      `^TN1104 build\\.ts:5:95 the body of step 'one' captures the ${what} 'local' of a function around it`,
    )
  assert.match(await refusal('const local = () => 1'), captured('function'))
  assert.match(await refusal('function local() {}'), captured('function'))
  assert.match(await refusal('class local {}'), captured('class'))
  assert.match(await refusal('const local = new Date(0)'), /^TN1313 build\.ts:5:\d+ .*'local'.*Date instance/)
  assert.match(await refusal('const local = [1].map(() => () => 1)'), /^TN1313 .*'local'.*function at \/0/)
})

test('a body that assigns to a captured variable is refused', async () => {
  const project = new TempProject({
    'build.ts': `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
function make() {
  let count = 0
  return defineStep({ name: 'one', output: z.object({ value: z.any() }), run: () => { count++; return { value: 1 } } })
}
export default chain('main', make()())`,
  })
  assert.match(await project.refusal(), /^TN1107 build\.ts:5:87 the body of step 'one' assigns to 'count'/)
})

test('a run that is no function in the text, and a defineStep out of reach, are refused', async () => {
  const run = 'run: () => ({ value: 1 })'
  await refused('TN1100', 'run is not written as a function', `run: ${MARK}[() => ({ value: 1 })][0]!`)
  await refused('TN1102', 'defineStep is used as a value', run, `const ds = ${MARK}defineStep`)
  await refused(
    'TN1101',
    'defineStep is called with something else than an object written in place',
    run,
    `const made = { name: 'x' }; defineStep(${MARK}made as never)`,
  )
})

test('a module that hands defineStep on is refused, for its calls could not be told', async () => {
  for (const text of [
    "export { defineStep } from 'tenon'",
    "export * from 'tenon'",
    "import { defineStep } from 'tenon'\nexport { defineStep }",
  ]) {
    const project = new TempProject({
      'build.ts': "import { defineStep } from './my.ts'\nexport default defineStep",
      'my.ts': text,
    })
    assert.match(await project.refusal(), /^TN1102 my\.ts:\d:\d+ defineStep is exported again$/)
  }
})

test('an import of a body that cannot be found is refused where it is written', async () => {
  await refused(
    'TN1108',
    `${BODY} imports 'no-such', which cannot be found`,
    'run: () => ({ value: left })',
    `import { left } from ${MARK}'no-such'`,
  )
  const project = new TempProject({
    'build.ts': oneStep('run: () => ({ value: left })', "import { left } from './lib.ts'"),
    'lib.ts': "\nexport { left } from './nowhere.ts'",
  })
  assert.match(await project.refusal(), /^TN1108 lib\.ts:2:22 .*imports '\.\/nowhere\.ts'/)
})

test('a native addon in a body is refused', async () => {
  const project = new TempProject({
    'build.ts': oneStep('run: () => ({ value: fast })', "import fast from './fast.cjs'"),
    'fast.cjs': "module.exports = require('./fast.node')",
    'fast.node': '\u007fELF',
  })
  assert.match(
    await project.refusal(),
    /^TN1109 build\.ts:4:\d+ the body of step 'one' imports the native addon .*fast\.node/,
  )
})

test('a CommonJS library whose body refers to its exports object is refused', async () => {
  const project = new TempProject({
    'build.ts':
      "import lib from 'lib'\nimport { chain } from 'tenon'\nexport default chain('main', lib.one())",
    'node_modules/lib/package.json': '{ "name": "lib", "main": "main.js" }',
    'node_modules/lib/main.js': `const { defineStep } = require('tenon')
const { z } = require('zod')
exports.helper = () => 1
exports.one = defineStep({ name: 'one', output: z.object({ value: z.any() }), run: () => ({ value: exports.helper() }) })`,
  })
  assert.match(
    await project.refusal(),
    /^TN1111 node_modules\/lib\/main\.js:4:\d+ .*uses 'exports' of its CommonJS module/,
  )
})
