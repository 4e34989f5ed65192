// type-check.test.ts — a build file that does not type-check is refused; each error is one line at its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check } from '../../../../runtime/load/check.ts'
import { oneStep, tempHome, TempProject } from '../temp-project.ts'

function typed(files: Readonly<Record<string, string>>, options = {}): TempProject {
  const project = new TempProject(files, options)
  project.typeCheck = true
  project.home = tempHome()
  return project
}

const GOOD = oneStep('run: () => ({ value: 1 })')

test('a type error stops the load and names file, line and column', async () => {
  const project = typed({ 'build.ts': `${GOOD}const n: number = 'text'\n` })
  assert.equal(
    await project.refusal(),
    "TN1000 build.ts:6:7 Type 'string' is not assignable to type 'number'.",
  )
  project.typeCheck = false
  assert.equal((await project.load()).plan.steps.length, 1)
})

test('of a refused chain only the sentence of Tenon is shown', async () => {
  const project = typed({
    'build.ts': `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
const a = defineStep({ name: 'a', output: z.object({ n: z.string() }), run: () => ({ n: '' }) })
const b = defineStep({ name: 'b', input: z.object({ n: z.number() }), output: z.object({}), run: () => ({}) })
export default chain('main', a(), b())
`,
  })
  assert.match(
    await project.refusal(),
    /^TN1000 build\.ts:5:35 ✗ 'a' → 'b': .*\bn needs number, gets string$/,
  )
})

test('all errors are told, each in a line of its own, up to a limit', async () => {
  const lines = Array.from({ length: 30 }, (_, n) => `export const n${n}: number = 'text'`).join('\n')
  const error = await typed({
    'build.ts': `import { x } from './lib.ts'\n${lines}\nx`,
    'lib.ts': 'export const x: string = 1',
  }).failure()
  assert.match(error.message, /^Type 'string' is not assignable to type 'number'\. \(31 type errors\)$/)
  assert.equal(error.details.length, 20)
  assert.match(error.details[0] ?? '', /build\.ts:3:14 Type 'string' is not assignable/)
  assert.equal(error.details.at(-1), 'and 11 more')
})

test('errors come before those of planning', async () => {
  const project = typed({ 'build.ts': "const n: number = 'x'\nthrow new Error('never seen')" })
  assert.equal((await project.failure()).code, 'TN1000')
})

test('a syntax error is told by the compiler, with its place', async () => {
  assert.match(
    await typed({ 'build.ts': 'export const x = {\n  a: 1,,\n}' }).refusal(),
    /^TN1000 build\.ts:2:8 Property assignment expected/,
  )
})

test('a project without tenon and zod still checks against those of Tenon', async () => {
  const files = {
    'build.ts': `${GOOD}const n: number = chain\n`,
    'tsconfig.json': '{ "compilerOptions": { "paths": { "#lib": ["./lib.ts"] }, "strict": true } }',
  }
  const project = typed({ ...files, 'lib.ts': 'export const lib = 1' }, { isInstalled: false })
  assert.match(await project.refusal(), /^TN1000 build\.ts:6:7 Type '.*' is not assignable to type 'number'/)
  project.write(
    'build.ts',
    `import { lib } from '#lib'\nimport { make } from 'tenon/steps'\nexport const typed: number = lib, other: object = make\n${GOOD}`,
  )
  assert.equal((await project.load()).plan.steps.length, 1)
})

test('the nearest tsconfig.json decides how strict the check is, whatever it emits', async () => {
  const files = { 'build.ts': `${GOOD}export function f(x) { return x }\n` }
  assert.match(
    await typed(files).refusal(),
    /^TN1000 build\.ts:6:19 Parameter 'x' implicitly has an 'any' type/,
  )
  const options = {
    strict: false,
    module: 'esnext',
    moduleResolution: 'bundler',
    target: 'es2023',
    types: [],
    composite: true,
    incremental: true,
    declaration: true,
    rootDir: 'src',
    outDir: 'out',
    tsBuildInfoFile: 'x.info',
  }
  const loose = typed({
    ...files,
    'base.json': JSON.stringify({ compilerOptions: options }),
    'tsconfig.json': '// comments are fine\n{ "extends": ["./base.json"], "include": ["src"], }',
  })
  assert.equal((await loose.load()).plan.steps.length, 1)
  loose.write('base.json', JSON.stringify({ compilerOptions: { ...options, strict: true } }))
  assert.match(await loose.refusal(), /^TN1000 build\.ts:6:19 /)
})

test('a tsconfig.json that the compiler refuses is told', async () => {
  const project = typed({ 'build.ts': GOOD, 'tsconfig.json': '{ "compilerOptions": { "target": "es1" } }' })
  const error = await project.failure()
  assert.match(error.message, /--target/)
  assert.match(error.code, /^TN100[03]$/)
})

test('a body may use the types of Node without the project installing them', async () => {
  const build = oneStep(
    'run: () => ({ value: readFileSync("/x", "utf8").length, env: process.env })',
    "import { readFileSync } from 'node:fs'",
  )
  const config = '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": ["node"] } }'
  for (const files of [{}, { 'tsconfig.json': config }])
    assert.equal((await typed({ 'build.ts': build, ...files }).load()).plan.steps.length, 1)
})

test('a JavaScript build file needs no types, but must parse', async () => {
  const project = typed({ 'build.mjs': GOOD, 'broken.js': 'export const = 1' })
  assert.equal((await project.load('build.mjs')).plan.steps.length, 1)
  assert.match(await project.refusal('broken.js'), /^TN1000 broken\.js:1:14 /)
})

test('check lists the diagnostics of a build file', async () => {
  const project = typed({ 'build.ts': `${GOOD}const n: number = 'text'\n`, 'good.ts': GOOD })
  assert.deepEqual(await check(project.path('good.ts'), project.home), [])
  assert.deepEqual(await check(project.path('build.ts'), project.home), [
    {
      compilerCode: 'TS2322',
      message: "Type 'string' is not assignable to type 'number'.",
      position: { file: project.path('build.ts'), line: 6, column: 7 },
    },
  ])
})

test('types that a tsconfig.json names are found from where it lies', async () => {
  const project = typed({
    'build.ts': `${GOOD}export type Both = [typeof SPECIAL, typeof inPackage]\n`,
    'tsconfig.json':
      '{ "compilerOptions": { "strict": true, "module": "nodenext", "types": ["special", "pack/globals"] } }',
    'node_modules/@types/special/index.d.ts': 'declare const SPECIAL: number',
    'node_modules/pack/package.json': '{ "name": "pack" }',
    'node_modules/pack/globals.d.ts': 'declare const inPackage: number',
  })
  assert.equal((await project.load()).plan.steps.length, 1)
})
