// purity.test.ts — a build file that looks at the clock, at chance or at the machine is refused, with the place (row D23).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TempProject } from '../temp-project.ts'

const build = (code: string): string => `import { chain } from 'tenon'
import { file } from 'tenon'
import { z } from 'zod'
import { defineStep } from 'tenon'
const step = defineStep({ name: 's', params: z.object({ p: z.any() }), output: z.object({ f: file() }), script: 'true' })
const value: any = ${code}
export default chain('main', step({ p: value }))
`
const refusal = (code: string, files = {}): Promise<string> =>
  new TempProject({ 'build.ts': build(code), ...files }).refusal()

const IMPURE: Readonly<Record<string, string>> = {
  'Date.now()': 'Date.now',
  'new Date().getTime()': 'new Date()',
  'Date()': 'Date()',
  'new Date(2020, 1, 1).toISOString()': 'new Date(year, month, …), which depends on the time zone',
  "new Date('2020-01-01T00:00').toISOString()": 'the date "2020-01-01T00:00", which depends on the time zone',
  'new Date(0).getHours()': 'Date.prototype.getHours, which depends on the time zone',
  '`${new Date(0)}`': 'Date.prototype.toString, which depends on the time zone',
  'Math.random()': 'Math.random',
  'process.env.HOME': 'process',
  'globalThis.process.env.HOME': 'process',
  'performance.now()': 'performance',
  'crypto.randomUUID()': 'crypto',
  "fetch('http://localhost')": 'fetch',
  'setTimeout(() => {}, 1)': 'setTimeout',
  "Buffer.from('a')": 'Buffer',
  __dirname: '__dirname',
  'import.meta.dirname': 'import.meta',
  "'a'.localeCompare('b')": 'String.prototype.localeCompare without a locale',
  '(1.5).toLocaleString()': 'Number.prototype.toLocaleString without a locale',
  'new Intl.NumberFormat().format(1)': 'Intl.NumberFormat without a locale',
  "new Intl.DateTimeFormat('en').resolvedOptions().timeZone": 'Intl.DateTimeFormat without a timeZone',
}

test('use of the clock, randomness, time zone, locale and machine is reported where it is written', async (t) => {
  for (const [code, what] of Object.entries(IMPURE))
    await t.test(code, async () => {
      if (code.startsWith('globalThis')) {
        assert.match(await refusal(code), /^TN1200 build\.ts:6:\d+ planning failed: TypeError/)
        return
      }
      const got = await refusal(code)
      assert.match(got, /^TN1201 build\.ts:6:\d+ /)
      assert.equal(got.replace(/^\S+ \S+ /, ''), `planning used ${what}`)
    })
})

test('what depends on its arguments alone is allowed', async () => {
  const code = `[
    new Date(0).toISOString(), new Date('2020-01-01').getTime(), Date.UTC(2020, 1), Date.parse('2020-01-01T00:00Z'), new Date(5) instanceof Date,
    (1234.5).toLocaleString('en'), 'b'.localeCompare('a', 'en'), new URL('https://a/b?c=1').pathname, Math.max(1, 2),
    new Intl.DateTimeFormat('en', { timeZone: 'UTC' }).format(new Date(0)), typeof process, typeof setTimeout]`
  const project = new TempProject({ 'build.ts': build(code) })
  const { plan } = await project.load()
  assert.deepEqual(plan.steps[0]?.params, {
    kind: 'literal',
    value: {
      p: [
        '1970-01-01T00:00:00.000Z',
        1577836800000,
        1580515200000,
        1577836800000,
        true,
        '1,234.5',
        1,
        '/b',
        2,
        '1/1/1970',
        'undefined',
        'undefined',
      ],
    },
  })
})

test('a use that the build file catches is reported all the same', async () => {
  assert.match(
    await refusal("(() => { try { return Math.random() } catch { return 'fallback' } })()"),
    /^TN1201 build\.ts:6:\d+ planning used Math\.random$/,
  )
})

test('a module of Node is refused by the member that plan code uses, in whatever way it is imported', async () => {
  const uses = {
    "import fs from 'node:fs'": "fs.readFileSync('/etc/passwd')",
    "import * as fs from 'fs'": "fs.readFileSync('/etc/passwd')",
    "import { readFileSync } from 'node:fs'": "readFileSync('/etc/passwd')",
  }
  for (const [imports, use] of Object.entries(uses)) {
    const project = new TempProject({
      'build.ts': build(use).replace(
        "import { file } from 'tenon'",
        `${imports}; import { file } from 'tenon'`,
      ),
    })
    assert.match(await project.refusal(), /^TN1201 build\.ts:6:\d+ planning used fs\.readFileSync$/)
  }
  const os = new TempProject({ 'build.ts': `import process from 'node:process'\n${build('process.env')}` })
  assert.match(await os.refusal(), /^TN1201 build\.ts:7:\d+ planning used process\.env$/)
})

test('a helper module names the place of its own use', async () => {
  const files = { 'lib/clock.ts': 'export function stamp(): number {\n  return Date.now()\n}' }
  const project = new TempProject({
    'build.ts': `import { stamp } from './lib/clock.ts'\n${build('stamp()')}`,
    ...files,
  })
  assert.match(await project.refusal(), /^TN1201 lib\/clock\.ts:2:\d+ planning used Date\.now$/)
})

test('import() is refused, literal or not', async () => {
  const files = { 'other.ts': 'export const x = 1' }
  assert.match(
    await refusal("import('./other.ts').then(() => 1) && 1", files),
    /^TN1201 .* planning used import\("\.\/other\.ts"\)$/,
  )
  assert.match(
    await refusal("((name) => import(name))('./other.ts') && 1", files),
    /^TN1201 .* planning used import\("\.\/other\.ts"\)$/,
  )
})

test('functions of node:path that look at their arguments alone are there', async () => {
  const use = "[path.join('a', '..', 'b'), path.extname('x.ts'), basename('/a/c')]"
  const imports = "import path, { basename } from 'node:path'\n"
  const project = new TempProject({ 'build.ts': imports + build(use) })
  const { plan } = await project.load()
  assert.deepEqual(plan.steps[0]?.params, { kind: 'literal', value: { p: ['b', '.ts', 'c'] } })
  const resolving = new TempProject({ 'build.ts': imports + build("path.resolve('a')") })
  assert.match(await resolving.refusal(), /^TN1201 build\.ts:7:\d+ planning used path\.resolve$/)
})

test('a package may take members out of modules of Node, but not call them', async () => {
  const files = {
    'node_modules/dep/package.json': '{ "name": "dep", "main": "main.js" }',
    'node_modules/dep/main.js': `const { inspect } = require('util')
const os = require('node:os')
exports.plain = () => 3
exports.show = (x) => inspect(x)`,
  }
  const withDep = (code: string): TempProject =>
    new TempProject({ 'build.ts': `import { plain, show } from 'dep'\n${build(code)}`, ...files })
  const { plan } = await withDep('plain()').load()
  assert.deepEqual(plan.steps[0]?.params, { kind: 'literal', value: { p: 3 } })
  assert.match(await withDep('show(1)').refusal(), /^TN1201 build\.ts:7:\d+ planning used util\.inspect$/)
})

test('imports that only bodies need are not there while planning', async () => {
  const code = `import { z } from 'zod'
import fs, { readFileSync } from 'node:fs'
import { explode } from './explode.ts'
import { chain, defineStep } from 'tenon'
const now = Date.now()
const read = () => readFileSync('/etc/hostname', 'utf8') + explode() + now + fs.sep
const one = defineStep({ name: 'one', output: z.object({ v: z.string() }), run: () => ({ v: read() }) })
export default chain('main', one())
`
  const files = {
    'explode.ts': "throw new Error('imported while planning')\nexport const explode = () => ''",
  }
  for (const name of ['build.ts', 'build.js']) {
    const project = new TempProject({ [name]: code, ...files })
    assert.equal((await project.load(name)).plan.steps.length, 1)
  }
})
