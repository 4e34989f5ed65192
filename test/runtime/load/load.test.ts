// load.test.ts — a build file becomes a plan; an unchanged project answers from the cache, a changed one never does.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { oneStep, REPOSITORY, tempHome, TempProject } from './temp-project.ts'

const RUN = 'run: () => ({ value: 1 })'

function fresh(files: Readonly<Record<string, string>>): TempProject {
  const project = new TempProject(files)
  project.home = tempHome()
  project.typeCheck = true
  return project
}

test('a build file in TypeScript or JavaScript gives its packages', async () => {
  const project = fresh({
    'build.ts': oneStep(RUN),
    'other.mts': oneStep(RUN),
    'plain.js': oneStep(RUN),
    'es.mjs': oneStep(RUN),
  })
  for (const file of ['build.ts', 'other.mts', 'plain.js', 'es.mjs']) {
    const loaded = await project.load(file)
    assert.equal(loaded.plan.packages['default']?.name, 'main')
    assert.equal(loaded.projectRoot, project.directory)
    assert.equal(loaded.positions.steps[0]?.file, project.path(file))
  }
})

test('tenon and zod are found in a project that has neither', async () => {
  const project = new TempProject({ 'build.ts': oneStep(RUN) }, { isInstalled: false })
  project.typeCheck = true
  assert.deepEqual(await project.run('one'), { value: 1 })
})

test('a build file reached through a link is in the project that it lies in', async () => {
  const project = fresh({
    'real/package.json': '{}',
    'real/build.ts': oneStep(RUN),
  })
  symlinkSync(project.path('real'), project.path('link'))
  const loaded = await project.load('link/build.ts')
  assert.equal(loaded.projectRoot, project.path('real'))
  assert.equal(loaded.positions.steps[0]?.file, project.path('real/build.ts'))
})

const SCRIPT = `
import { createRequire, registerHooks } from 'node:module'
import { load } from ${JSON.stringify(join(REPOSITORY, 'runtime/load/load.ts'))}
import { check } from ${JSON.stringify(join(REPOSITORY, 'runtime/load/check.ts'))}
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'
const loaded = []
registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
let spawned = 0
for (const name of ['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork']) {
  const original = childProcess[name]
  childProcess[name] = (...args) => { spawned++; return original(...args) }
}
syncBuiltinESMExports()
const [file, home] = process.argv.slice(1)
const { fromCache } = await load({ file, home, typeCheck: true, context: { platform: { os: 'linux', arch: 'x64' }, locked: {} } })
if ((await check(file, home)).length > 0) throw new Error('it has type errors')
const required = Object.keys(createRequire(import.meta.url).cache)
const compilers = [...loaded, ...required].filter((path) => /node_modules\\/(?:ts-morph|@ts-morph|esbuild|typescript)\\//.test(path))
console.log(JSON.stringify({ fromCache, spawned, compilers: compilers.length > 0 }))
process.exit(0)`

function loadInProcess(project: TempProject): unknown {
  const args = ['--input-type=module', '-e', SCRIPT, project.path('build.ts'), project.home]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return stdout === '' ? stderr : (JSON.parse(stdout) as unknown)
}

test('types and plan are each made in a process of their own, and once: an unchanged project starts none', () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  assert.deepEqual(loadInProcess(project), { fromCache: false, spawned: 2, compilers: false })
  assert.deepEqual(loadInProcess(project), { fromCache: true, spawned: 0, compilers: false })
})

test('what planning finds wrong arrives as it was found', async () => {
  const twice = `import { z } from 'zod'
import { defineModule, evalModules, option } from 'tenon'
const base = defineModule({ options: { jobs: option(z.number(), { description: 'How many' }) } })
const of = (jobs: number) => defineModule({ imports: [base], config: { jobs } })
evalModules([of(1), of(2)]).config.jobs`
  const file = "import { localFile } from 'tenon'\nlocalFile('/x')"
  for (const text of [twice, file, "throw new Error('no')", 'Math.random()', "import './gone.ts'"]) {
    const project = new TempProject({ 'build.ts': text })
    const [near, far] = [await project.failure(), await project.load().catch((error: unknown) => error)]
    assert.ok(far instanceof CodedError)
    const told = ({ code, message, hint, position, details, related }: CodedError) =>
      JSON.stringify([code, message, hint, position, details, related])
    assert.equal(told(far), told(near))
    assert.equal(near.related.length, text === twice ? 2 : 0)
  }
})

test('planning without end of memory ends alone, and is told', () => {
  const project = fresh({ 'build.ts': 'for (const all: object[] = []; ; ) all.push([1, 2, 3])' })
  const script = `
import { load } from ${JSON.stringify(join(REPOSITORY, 'runtime/load/load.ts'))}
const [file, home] = process.argv.slice(1)
const context = { platform: { os: 'linux', arch: 'x64' }, locked: {} }
await load({ file, home, typeCheck: false, context }).catch(({ code }) => console.log(code))`
  const { stdout } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, project.path('build.ts'), project.home],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=80' } },
  )
  assert.equal(stdout, 'TN1207\n')
})

test('a file touched but not changed is no reason to plan again', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  await project.load()
  utimesSync(project.path('build.ts'), 1, 1)
  assert.equal((await project.load()).fromCache, true)
  project.write('build.ts', oneStep(RUN))
  assert.equal((await project.load()).fromCache, true)
})

test('any change of an input is seen, also one of the same size and time', async () => {
  const project = fresh({
    'build.ts': oneStep('run: () => ({ value: number })', "import { number } from './lib.ts'"),
    'lib.ts': 'export const number = 1',
  })
  const before = await project.digests()
  utimesSync(project.path('lib.ts'), 1000, 1000)
  assert.equal((await project.load()).fromCache, true)
  project.write('lib.ts', 'export const number = 2')
  utimesSync(project.path('lib.ts'), 1000, 1000)
  assert.equal((await project.load()).fromCache, false)
  assert.notDeepEqual(await project.digests(), before)
  assert.deepEqual(await project.run('one'), { value: 2 })
})

test('package.json, a lock file, tsconfig.json and the lock of hashes are inputs', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  await project.load()
  for (const [path, text] of [
    ['package.json', '{ "name": "project", "type": "module", "version": "2.0.0" }'],
    ['package-lock.json', '{}'],
    ['tsconfig.json', '{ "compilerOptions": { "strict": true, "module": "nodenext", "target": "es2024" } }'],
  ] as const) {
    project.write(path, text)
    assert.equal((await project.load()).fromCache, false, path)
    assert.equal((await project.load()).fromCache, true, path)
  }
  project.locked = { x: 'sha256-…' }
  assert.equal((await project.load()).fromCache, false)
})

test('a verdict on types is not taken from a load without type check', async () => {
  const project = fresh({ 'build.ts': `${oneStep(RUN)}const n: number = ''\n` })
  project.typeCheck = false
  await project.load()
  assert.equal((await project.load()).fromCache, true)
  project.typeCheck = true
  assert.equal((await project.failure()).code, 'TN1000')
})

test('an edit of the build file reads no unchanged step library again', async () => {
  const library = `import { z } from 'zod'
import { defineStep } from 'tenon'
export const one = defineStep({ name: 'one', output: z.object({ value: z.number() }), run: () => ({ value: 1 }) })`
  const files = {
    'build.ts':
      "import { chain } from 'tenon'\nimport { one } from 'lib'\nexport default chain('main', one())\n",
    'node_modules/lib/package.json': '{ "name": "lib", "type": "module", "exports": "./main.js" }',
    'node_modules/lib/main.js': library,
  }
  const project = fresh(files)
  project.typeCheck = false
  await project.load()
  const entry = join(
    project.home,
    'cache/load/modules',
    `${digestOf(project.path('node_modules/lib/main.js'))}.json`,
  )
  const before = readFileSync(entry, 'utf8')
  // Whoever reads the library again needs the text that the entry holds: another text shows that it was used.
  writeFileSync(entry, before.replaceAll("name: 'one'", "name: 'ONE'"))
  project.write('build.ts', `${files['build.ts']}// edited\n`)
  assert.equal((await project.load()).plan.steps[0]?.name, 'ONE')
})

test('after an edit of one module of many, the bodies of that one alone are cut out again', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const module = (name: string, value: number): string =>
    `import { z } from 'zod'
import { defineStep } from 'tenon'
export const ${name} = defineStep({ name: '${name}', output: z.object({ value: z.number() }), run: () => ({ value: ${value} }) })`
  const project = fresh({
    'build.ts': `import { chain, parallel } from 'tenon'
${names.map((name) => `import { ${name} } from './${name}.ts'`).join('\n')}
export default chain('main', parallel('all', { ${names.map((name) => `${name}: ${name}()`).join(', ')} }))\n`,
    ...Object.fromEntries(names.map((name) => [`${name}.ts`, module(name, 1)])),
  })
  project.typeCheck = false
  const folder = join(project.home, 'cache/load/modules')
  // An entry that is written again is another file.
  const entries = (): readonly string[] =>
    readdirSync(folder).map((name) => `${name} ${statSync(join(folder, name)).ino}`)
  const before = await project.digests()
  const kept = entries()
  assert.equal(kept.length, names.length)
  project.write('c.ts', module('c', 2))
  const after = await project.digests()
  assert.equal(after.filter((digest) => !before.includes(digest)).length, 1)
  assert.deepEqual(
    entries()
      .filter((entry) => !kept.includes(entry))
      .map((entry) => entry.split(' ')[0]),
    [`${digestOf(project.path('c.ts'))}.json`],
  )
})

test('deleted or damaged cache files are made again', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  const cache = join(project.home, 'cache/load')
  for (const folder of ['bodies', 'plans', 'types', 'modules', '']) {
    const { plan } = await project.load()
    rmSync(join(cache, folder), { recursive: true })
    assert.deepEqual((await project.load()).plan, plan, folder)
    assert.deepEqual(await project.run('one'), { value: 1 }, folder)
  }
  for (const file of readdirSync(join(cache, 'plans')))
    writeFileSync(join(cache, 'plans', file), '{"format":1,"sta')
  assert.equal((await project.load()).fromCache, false)
})

test('a home that cannot be written is told', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  project.home = join(project.path('package.json'), 'home')
  const error = await project.failure()
  assert.equal(error.code, 'TN1005')
  assert.match(error.message, /^the cache cannot be written: ENOTDIR/)
})

test('loads of one project at the same time agree', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  project.typeCheck = false
  const all = await Promise.all([project.load(), project.load(), project.load()])
  for (const { plan } of all) assert.deepEqual(plan, all[0]?.plan)
  assert.deepEqual(await project.run('one'), { value: 1 })
})

test('a load that is killed at any moment leaves nothing that misleads the next', async () => {
  const project = fresh({ 'build.ts': oneStep(RUN) })
  for (const delayMs of [150, 400, 700, 1000]) {
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      SCRIPT,
      project.path('build.ts'),
      project.home,
    ])
    await Promise.race([sleep(delayMs), new Promise((resolve) => child.once('exit', resolve))])
    child.kill('SIGKILL')
    await new Promise((resolve) =>
      child.exitCode !== null || child.signalCode !== null ? resolve(0) : child.once('exit', resolve),
    )
  }
  assert.deepEqual(await project.run('one'), { value: 1 })
  assert.equal((await project.load()).fromCache, true)
})

test('step libraries of node_modules work in ES modules and CommonJS, and with a copy of tenon of their own', async () => {
  const esm = `import { z } from 'zod'
import { basename } from 'node:path'
import { defineStep } from 'tenon'
var Level;
(function (Level) { Level[Level["low"] = 1] = "low"; })(Level || (Level = {}));
export const es = defineStep({ name: 'es', output: z.object({ value: z.any() }), run: () => ({ value: [basename('/a/b'), Level.low] }) })`
  const cjs = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.cj = void 0;
const zod_1 = require("zod");
const node_path_1 = require("node:path");
const tenon_1 = require("tenon");
const helper_js_1 = require("./helper.js");
function make(n) {
  return (0, tenon_1.defineStep)({ name: 'cj', output: zod_1.z.object({ value: zod_1.z.any() }), async run() { return { value: (0, node_path_1.basename)('/a/c') + (0, helper_js_1.help)(n) }; } });
}
exports.cj = make(5);`
  const project = fresh({
    'build.ts':
      "import { chain } from 'tenon'\nimport { es } from 'es'\nimport { cj } from 'cj'\nexport const a = chain('a', es())\nexport const b = chain('b', cj())\n",
    'node_modules/es/package.json': '{ "name": "es", "type": "module", "exports": "./main.js" }',
    'node_modules/es/main.js': esm,
    'node_modules/es/main.d.ts': '',
    'node_modules/es/node_modules/tenon/index.js': "throw new Error('another tenon')",
    'node_modules/cj/package.json': '{ "name": "cj", "main": "main.js" }',
    'node_modules/cj/main.js': cjs,
    'node_modules/cj/helper.js': 'exports.help = (n) => `-${n}`',
  })
  project.typeCheck = false
  assert.deepEqual(await project.run('es'), { value: ['b', 1] })
  assert.deepEqual(await project.run('cj'), { value: 'c-5' })
})

test('the steps of tenon/steps are there, and exports that are no packages are named', async () => {
  const project = fresh({
    'build.ts': `import { chain } from 'tenon'
import { applyPatches, configure, fetchUrl, make, makeInstall, unpack } from 'tenon/steps'
export default chain('hello', fetchUrl({ url: 'https://example.org/a.tar.gz', hash: 'sha256-MeBmE3qWJnbomNDVtjqXpe8pTXgUuIy5Vsup6nL2UWs=' }), unpack(), configure(), make(), makeInstall())
export { applyPatches }
`,
  })
  const { plan, otherExports } = await project.load()
  assert.deepEqual(
    plan.packages['default']?.steps.map(({ name }) => name),
    ['fetch-url', 'unpack', 'configure', 'make', 'make-install'],
  )
  assert.deepEqual(otherExports, ['applyPatches'])
})

test('the project is the nearest directory with tenon.lock, else with package.json', async () => {
  const project = new TempProject({ 'deep/build.ts': oneStep(RUN) }, { isInstalled: false })
  assert.equal((await project.load('deep/build.ts')).projectRoot, project.directory)
  project.write('deep/tenon.lock', '{}')
  assert.equal((await project.load('deep/build.ts')).projectRoot, project.path('deep'))
})
