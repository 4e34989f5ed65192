// quickjs.test.ts — a body for quickjs is bundled for it, and one that needs Node is refused where it says so.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bodyFile } from '../../../../runtime/load/load.ts'
import { oneStep, TempProject } from '../temp-project.ts'

const BODY = "the body of step 'one'"
const quick = (run: string, top = ''): string => oneStep(`interpreter: 'quickjs', ${run}`, top)

test('the interpreter is in the plan, and the bundle is an ES module without newer syntax', async () => {
  const project = new TempProject({
    'build.ts': quick(
      'async run() { const value = await lib; return { value } }',
      "import { lib } from './lib.ts'",
    ),
    'lib.ts':
      "import { cjs } from './cjs.cjs'; using held = { [Symbol.dispose]() {} }; export const lib = cjs + typeof process",
    'cjs.cjs': "exports.cjs = typeof require === 'function' ? 'a' : 'b'",
  })
  const { plan } = await project.load()
  const body = plan.steps[0]?.body
  assert(body?.kind === 'module')
  assert.equal(body.interpreter, 'quickjs')
  const text = readFileSync(bodyFile(project.home, body.digest), 'utf8')
  assert.match(text, /export\s*\{/)
  assert.doesNotMatch(text, /\busing held\b/)
})

test('a body is the same for node and quickjs, and only what it is bundled for differs', async () => {
  const run = 'run() { return { value: [1, 2].at(-1) } }'
  const project = new TempProject({ 'build.ts': quick(run) })
  assert.deepEqual(await project.run('one'), { value: 2 })
  const other = new TempProject({ 'build.ts': oneStep(`interpreter: 'node', ${run}`) })
  const without = new TempProject({ 'build.ts': oneStep(run) })
  assert.deepEqual(await other.digests(), await without.digests())
  assert.deepEqual((await other.load()).plan, (await without.load()).plan)
})

test('an import of Node is refused where it is written, in the body’s module and in others', async () => {
  const own = new TempProject({
    'build.ts': quick(
      "run() { return { value: readFileSync('x') } }",
      "import { readFileSync } from 'node:fs'",
    ),
  })
  assert.equal(
    await own.refusal(),
    `TN1113 build.ts:3:30 ${BODY} imports 'node:fs', which quickjs does not have`,
  )
  const other = new TempProject({
    'build.ts': quick('run() { return { value: at() } }', "import { at } from './lib.ts'"),
    'lib.ts': "import path from 'path'\nexport const at = () => path.join('a')",
  })
  assert.equal(
    await other.refusal(),
    `TN1113 lib.ts:1:18 ${BODY} imports 'path', which quickjs does not have`,
  )
  const common = new TempProject({
    'build.ts': quick('run() { return { value: lib } }', "import lib from './lib.cjs'"),
    'lib.cjs': "module.exports = require('os').EOL",
  })
  assert.equal(
    await common.refusal(),
    `TN1113 lib.cjs:1:26 ${BODY} imports 'os', which quickjs does not have`,
  )
  assert.match((await own.failure()).hint ?? '', /files and \$ of the body's context/)
})

test('a global of Node is refused where it is used, in the body’s module and in others', async () => {
  for (const [name, use] of [
    ['process', 'process.cwd()'],
    ['Buffer', "Buffer.from('x')"],
    ['require', "require('x' + 1)"],
    ['fetch', "fetch('http://x')"],
    ['structuredClone', 'structuredClone({})'],
  ] as const) {
    const project = new TempProject({
      'build.ts': quick(`run() {\n  const value =\n    ${use}\n  return { value }\n}`),
    })
    assert.equal(
      await project.refusal(),
      `TN1113 build.ts:6:5 ${BODY} uses '${name}', which quickjs does not have`,
    )
  }
  const other = new TempProject({
    'build.ts': quick('run() { return { value: at() } }', "import { at } from './lib.ts'"),
    'lib.ts': '\nexport const at = (): string =>\n  process.cwd()',
  })
  assert.equal(await other.refusal(), `TN1113 lib.ts:3:3 ${BODY} uses 'process', which quickjs does not have`)
})

test('a name of one’s own, a member, and a question whether a global is there are no use of Node', async () => {
  const project = new TempProject({
    'build.ts': quick(`run() {
      const process = { fetch: 1, Buffer: 2 }
      const isNode = typeof Buffer === 'undefined' ? false : Buffer.isBuffer(1)
      return { value: [process.fetch, process.Buffer, isNode] } }`),
  })
  assert.deepEqual(await project.digests().then(({ length }) => length), 1)
})

test('an interpreter that is not written in place, or is none, is refused', async () => {
  const text = oneStep('interpreter: which, run: () => ({ value: 1 })', "const which = 'quickjs' as const")
  const project = new TempProject({ 'build.ts': text })
  assert.match(
    await project.refusal(),
    /^TN1112 build\.ts:4:\d+ the interpreter of a step is not written as 'node' or 'quickjs'$/,
  )
  const spread = new TempProject({
    'build.ts': oneStep(
      '...common, run: () => ({ value: 1 })',
      "const common = { interpreter: 'quickjs' as const }",
    ),
  })
  assert.match(
    await spread.refusal(),
    /^TN1112 build\.ts:\d+:\d+ step 'one' is for quickjs, but its body was bundled for node$/,
  )
  const script = new TempProject({ 'build.ts': oneStep("interpreter: 'quickjs', script: 'true'") })
  assert.match(await script.refusal(), /^TN1303 .*step 'one': interpreter is for run, not for script$/)
})
