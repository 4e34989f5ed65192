// failure.test.ts — whatever a build file does wrong while planning is told with its place in the original source.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { oneStep, TempProject } from '../temp-project.ts'

const refusal = (text: string, files = {}): Promise<string> =>
  new TempProject({ 'build.ts': text, ...files }).refusal()

test('an exception names its place, in the build file or a module of it', async () => {
  assert.equal(
    await refusal("const x = 1\n  throw new Error('no ' + x)"),
    'TN1200 build.ts:2:9 planning failed: no 1',
  )
  assert.equal(
    await refusal('const none: any = null\nnone.field'),
    "TN1200 build.ts:2:6 planning failed: TypeError: Cannot read properties of null (reading 'field')",
  )
  assert.equal(
    await refusal("import './lib.ts'", { 'lib.ts': 'interface A {}\n\nmissing()' }),
    'TN1200 lib.ts:3:1 planning failed: ReferenceError: missing is not defined',
  )
  assert.equal(await refusal("throw 'text'"), 'TN1200 - planning failed: text')
})

test('errors that a build file makes have stacks as anywhere', async () => {
  assert.equal(
    await refusal("throw new Error(/^Error: x\\n    at \\S/.exec(new Error('x').stack ?? '')?.[0])"),
    'TN1200 build.ts:1:7 planning failed: Error: x\n    at t',
  )
})

test('places behind a body that was cut out are right', async () => {
  const body = 'run() {\n    const lines = 1\n    return { value: lines }\n  }'
  assert.equal(
    await refusal(`${oneStep(body)}\n  throw new Error('late')`),
    'TN1200 build.ts:10:9 planning failed: late',
  )
})

test('errors of the DSL keep code, hint and place', async () => {
  const project = new TempProject({
    'build.ts': `import { localFile } from 'tenon'\n\nexport const file =\n  localFile('/etc/passwd')\n`,
  })
  const error = await project.failure()
  assert.equal(error.code, 'TN1319')
  assert.deepEqual(error.position, { file: project.path('build.ts'), line: 4, column: 3 })
  assert.match(error.hint ?? '', /localFile\('\.\/greeting\.patch'\)/)
})

test('a syntax error, an import that is missing and an await are told apart', async () => {
  assert.match(await refusal('export const x = {\n  a: 1,,\n}'), /^TN1204 build\.ts:2:8 /)
  assert.equal(
    await refusal("import { x } from './gone.ts'\nexport { x }"),
    "TN1206 build.ts:1:19 './gone.ts' cannot be found",
  )
  assert.equal(
    await refusal("\nimport { x } from 'gone'\nexport { x }"),
    "TN1206 build.ts:2:19 'gone' cannot be found",
  )
  assert.equal(
    await refusal('export const x = await Promise.resolve(1)'),
    'TN1205 build.ts:1:18 a build file cannot await while planning',
  )
  assert.match(
    await refusal("import { chains } from 'tenon'\nexport default chains"),
    /^TN1204 build\.ts:1:10 No matching export .*chains/,
  )
})

test('a promise that fails while planning is an error', async () => {
  assert.equal(
    await refusal("async function work() {\n  throw new Error('later')\n}\nwork()"),
    'TN1200 build.ts:2:9 planning failed: later',
  )
})

test('deep recursion is an error like others', async () => {
  assert.match(
    await refusal('function f(): number { return f() + 1 }\nf()'),
    /^TN1200 build\.ts:1:\d+ planning failed: RangeError: Maximum call stack/,
  )
})

const source = (path: string): string =>
  JSON.stringify(new URL(`../../../../runtime/load/${path}`, import.meta.url).href)

/** In a process of its own: what it prints to stdout and stderr, in this order. */
function inProcess(project: TempProject, script: string): string {
  const prelude = `
    const context = { platform: { os: 'linux', arch: 'x64' }, locked: {} }
    const [file, home] = ${JSON.stringify([project.path('build.ts'), project.home])}\n`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', prelude + script], {
    encoding: 'utf8',
  })
  return stdout + stderr
}

test('an endless loop ends, in code and in microtasks', () => {
  for (const loop of ['for (;;) {}', 'const again = (): unknown => Promise.resolve().then(again); again()']) {
    const project = new TempProject({ 'build.ts': loop })
    const script = `
      import { evaluate } from ${source('planning/evaluate.ts')}
      import { bundlePlan } from ${source('planning/plan-bundle.ts')}
      const bundle = await bundlePlan({ file, home })
      await evaluate(bundle, { context, projectRoot: '/', timeoutMs: 200 }).catch((error) => console.log(error.code, error.message))`
    assert.equal(inProcess(project, script), 'TN1202 planning did not end within 0.2 s\n')
  }
})

test('console of a build file goes to stderr', () => {
  const project = new TempProject({
    'build.ts': oneStep('run: () => ({ value: 1 })', "console.log('a %d', 1, { b: 2 })"),
  })
  const script = `
    import { load } from ${source('load.ts')}
    await load({ file, home, typeCheck: false, context })
    console.log('loaded')`
  assert.equal(inProcess(project, script), 'loaded\na 1 { b: 2 }\n')
})

test('a build file that is missing, a directory or of another kind is refused', async () => {
  const project = new TempProject({ 'build.json': '{}', 'dir/x': '' })
  project.typeCheck = true
  assert.match((await project.failure('none.ts')).message, /there is no build file .*none\.ts/)
  assert.equal((await project.failure('none.ts')).code, 'TN1001')
  assert.match((await project.failure('dir')).message, /is a directory/)
  assert.equal((await project.failure('build.json')).code, 'TN1002')
})
