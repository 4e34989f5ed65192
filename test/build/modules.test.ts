// modules.test.ts — packages made of modules, from the command line: builds, options, docs, and errors with the places that have a part in them.
import assert from 'node:assert/strict'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Project, ROOT } from '../project.ts'

const BASE = `import { z } from 'zod'
import { chain, definePackage, defineModule, defineStep, file, flag, mkDefault, mkForce, option } from 'tenon'

export const write = defineStep({
  name: 'write',
  params: z.object({ text: z.string() }),
  output: z.object({ text: z.string() }),
  script: 'output text "$param_text"',
})
export const base = defineModule({
  options: {
    version: option(z.string(), { description: 'Released version', default: '1' }),
    text: option(z.string(), { description: 'What is written' }),
    secret: option(z.string(), { description: 'Hidden', default: '', internal: true }),
    needed: option(z.number(), { description: 'Mandatory', example: 3 }),
    loud: flag('In capitals'),
  },
  config: ({ config }) => ({ text: mkDefault(() => \`version \${config.version}\`) }),
  steps: ({ config }) => ({ '10-write': write({ text: config.text }) }),
  warnings: [{ when: ({ config }) => config.version === '0', message: 'version 0 is very old' }],
})
export const plain = chain('plain', write({ text: 'x' }))
`
const BUILD = `import { definePackage } from 'tenon'
import { base } from './base.ts'

export default definePackage('hello', { imports: [base] })
`
const mine = (extension: string): string => `import hello, { } from './build.ts'
import { base, write } from './base.ts'
import { z } from 'zod'
import { defineModule, definePackage, mkForce, mkDefault, option, submodules } from 'tenon'
${extension}
`
function project(t: TestContext, files: Readonly<Record<string, string>> = {}): Project {
  return new Project({ 'base.ts': BASE, 'build.ts': BUILD, ...files })
}

test('a package builds, and one in another file that extends it', async (t) => {
  const made = project(t, { 'mine.ts': mine("export default hello.extend({ config: { version: '2' } })") })
  assert.deepEqual((await made.build()).document, { text: 'version 1' })
  assert.deepEqual((await made.build('mine.ts')).document, { text: 'version 2' })
})

test('warnings are printed, and do not fail the build', async (t) => {
  const made = project(t, { 'mine.ts': mine("export default hello.extend({ config: { version: '0' } })") })
  const { events, ok } = await made.build('mine.ts')
  assert.equal(ok, true)
  const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []))
  assert.deepEqual(warnings, ['version 0 is very old'])
})

test('check and plan print warnings, also when nothing changed, and where they come from', async (t) => {
  const made = project(t, { 'mine.ts': mine("export default hello.extend({ config: { version: '0' } })") })
  const warning = /^warning: version 0 is very old\n {2}base\.ts:20:\d+\n/
  for (const words of [['check'], ['check'], ['plan'], ['plan', '--json']]) {
    const { code, stderr } = await made.tenon([...words, 'mine.ts'])
    assert.equal(code, 0, stderr)
    assert.match(stderr, warning, words.join(' '))
  }
})

test('for programs warnings are events, and part of the plan', async (t) => {
  const made = project(t, { 'mine.ts': mine("export default hello.extend({ config: { version: '0' } })") })
  const recordOf = ({ stdout }: { readonly stdout: string }): unknown =>
    stdout
      .split('\n')
      .filter((line) => line.includes('"kind":"warning"'))
      .map((line) => JSON.parse(line) as unknown)
  const position = { file: join(made.directory, 'base.ts'), line: 20, column: 14 }
  const event = { schema: 1, kind: 'warning', message: 'version 0 is very old', position }
  assert.deepEqual(recordOf(await made.tenon(['check', 'mine.ts', '--json'])), [event])
  for (let time = 0; time < 2; time++)
    assert.deepEqual(recordOf(await made.tenon(['build', 'mine.ts', '--json'])), [event])
  const { stdout } = await made.tenon(['plan', 'mine.ts', '--json'])
  const view = JSON.parse(stdout) as { readonly warnings: unknown } // a PlanView
  assert.deepEqual(view.warnings, [{ message: event.message, position }])
})

/** What planning the extension prints on standard error. */
async function refusal(t: TestContext, extension: string): Promise<string> {
  const { code, stderr } = await project(t, { 'mine.ts': mine(extension) }).tenon(['plan', 'mine.ts'])
  assert.equal(code, 3, stderr)
  return stderr
}

test('two plain values: both places are named', async (t) => {
  const text = await refusal(
    t,
    "const one = hello.extend({\n  config: {\n    version: '2',\n  },\n})\nexport default one.extend({ config: {\n  version: '3' } })",
  )
  assert.match(text, /^error TN1502: the option 'version' is set to different values$/m)
  assert.match(text, /^ {2}set to "2" at mine\.ts:7:5\n {2}set to "3" at mine\.ts:11:3$/m)
})

test('an option that depends on itself: the path, and the place of each', async (t) => {
  const text = await refusal(
    t,
    'export default hello.extend({ config: ({ config }) => ({ version: () => config.text }) })',
  )
  assert.match(text, /TN1505: the option 'text' depends on itself: text → version → text$/m)
  assert.match(
    text,
    /^ {2}'text' is defined at base\.ts:18:\d+\n {2}'version' is defined at mine\.ts:5:\d+$/m,
  )
})

test('an unknown option and a wrong type: the compiler says so in one line', async (t) => {
  assert.match(
    await refusal(t, "export default hello.extend({ config: { versoin: '2' } })"),
    /^error TN1000: ✗ there is no option 'versoin'\n {2}mine\.ts:5:41$/m,
  )
  assert.match(
    await refusal(t, 'export default hello.extend({ config: { loud: 3 } })'),
    /^error TN1000: ✗ option 'loud': value needs boolean, gets 3$/m,
  )
})

test('the same past the compiler: planning says so, with both files', async (t) => {
  const untyped = 'const config: {} = '
  assert.match(
    await refusal(t, `${untyped}{ versoin: '2' }\nexport default hello.extend({ config })`),
    /TN1501: there is no option 'versoin'[^]*'versoin' is set at mine\.ts:5:22\nhint: Did you mean 'version'\?/,
  )
  assert.match(
    await refusal(t, `${untyped}{ text: 3 }\nexport default hello.extend({ config })`),
    /TN1503: the option 'text' does not take its value: [^]*set to 3 at mine\.ts:5:22\n {2}declared: What is written at base\.ts:13:5/,
  )
})

test('a mandatory option that is missing fails when something needs it', async (t) => {
  assert.match(
    await refusal(
      t,
      "export default hello.extend({ steps: ({ config }) => ({ '20-x': write({ text: `${config.needed}` }) }) })",
    ),
    /TN1504: the option 'needed' is needed, and nothing sets it[^]*declared: Mandatory at base\.ts:15:\d+/,
  )
})

test('all assertions that fail are printed', async (t) => {
  assert.match(
    await refusal(
      t,
      "export default hello.extend({ assertions: [{ holds: ({ config }) => config.loud, message: 'it must be loud' }, { holds: () => false, message: 'never' }] })",
    ),
    /TN1508: 2 assertions of 'hello' do not hold[^]*it must be loud at mine\.ts:5:\d+\n {2}never at mine\.ts:5:\d+/,
  )
})

test('tenon options lists a package that cannot be planned yet', async (t) => {
  const made = project(t, {
    'mine.ts': mine(
      "export default hello.extend({ config: { version: '2', loud: 3 as never }, steps: () => { throw new Error('no steps') } })",
    ),
  })
  const { stdout, stderr, code } = await made.tenon(['options', 'mine.ts'])
  assert.equal(code, 0, stderr)
  const rows = stdout.split('\n').map((line) => line.split(/ {2,}/))
  assert.deepEqual(rows, [
    ['option', 'type', 'default', 'value', 'set at', 'description'],
    ['loud', 'boolean', 'false', '(TN1503)', 'In capitals'],
    ['needed', 'number', '(not set)', 'Mandatory'],
    ['text', 'string', '"version 2"', 'base.ts:18', 'What is written'],
    ['version', 'string', '"1"', '"2"', 'mine.ts:5', 'Released version'],
    [''],
  ])
  const json: unknown = JSON.parse((await made.tenon(['options', 'mine.ts', '--json'])).stdout)
  const text = JSON.stringify(json)
  assert.match(text, /"path":"version"/)
  assert.doesNotMatch(text, /"path":"secret"/)
})

test('tenon docs writes Markdown that does not depend on where the project lies', async (t) => {
  const { stdout } = await project(t).tenon(['docs'])
  assert.match(
    stdout,
    /^# hello\n\n## loud\n\nIn capitals\n\n- type: `boolean`\n- default: `false`\n- declared in `base\.ts:16`\n/,
  )
  assert.match(
    stdout,
    /## needed\n\nMandatory\n\n- type: `number`\n- default: none; it must be set if it is used\n- example: `3`\n/,
  )
  assert.doesNotMatch(stdout, /secret|\/tmp/)
})

test('members of submodules show in Markdown, with what their module sets', async (t) => {
  const made = project(t, {
    'mine.ts': mine(`const part = defineModule({
  options: { label: option(z.string(), { description: 'What it says' }) },
  config: ({ name }) => ({ label: mkDefault(() => name) }),
})
export default definePackage('parts', { options: { parts: submodules(part, { description: 'Parts' }) } })`),
  })
  const { stdout } = await made.tenon(['docs', 'mine.ts'])
  assert.match(
    stdout,
    /^## parts\.\\<name>\.label\n\nWhat it says\n\n- type: `string`\n- default: set by the package\n/m,
  )
})

test('a chain has no options, and an unknown export is no package', async (t) => {
  const made = project(t)
  const { code, stderr } = await made.tenon(['options', 'base.ts#plain'])
  assert.equal(code, 3)
  assert.match(stderr, /TN1517: the export 'plain' of \S*base\.ts has no options: it is not made of modules/)
  assert.match(
    (await made.tenon(['options', '#nope'])).stderr,
    /TN1517: \S*build\.ts has no export 'nope'[^]*#default/,
  )
})

test('examples/modules: an extension adds a step, removes one, and the source follows the version', async () => {
  const made = new Project()
  cpSync(join(ROOT, 'examples/modules'), made.directory, { recursive: true })
  const first = await made.build()
  const second = await made.build('mine.ts')
  assert.deepEqual(first.ran, ['10-source', '20-strip', '40-test', '50-pack'])
  assert.deepEqual(second.ran, ['10-source', '20-strip', '30-banner', '35-licence', '50-pack', '60-sums'])
  const versions = [first.document, second.document].map(
    (document) => JSON.stringify(document).match(/roman-([\d.]+)\.tgz/)?.[1],
  )
  assert.deepEqual(versions, ['1.0.0', '1.1.0'])
})
