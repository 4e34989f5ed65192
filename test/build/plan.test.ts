// plan.test.ts — what is known before anything runs, and that what runs is exactly that.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PlanView } from '../../runtime/commands/plan-view.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, record, workTree, tree } from 'tenon'
import * as fs from 'node:fs'

const src = z.object({ src: workTree() })
const get = defineStep({ name: 'get', output: src, preparesSource: true, async run({ out }) {
  fs.mkdirSync(out.src)
  fs.writeFileSync(out.src + '/greeting', 'hello')
  return { src: out.src }
} })
const patch = defineStep({ name: 'patch', params: z.object({ to: z.string() }), input: src, output: src, preparesSource: true, async run({ input, params }) {
  fs.writeFileSync(input.src + '/greeting', params.to)
  return { src: input.src }
} })
const compile = defineStep({ name: 'compile', mode: 'carry', input: src, output: z.object({ prefix: tree() }), async run({ input, out }) {
  fs.mkdirSync(out.prefix)
  fs.copyFileSync(input.src + '/greeting', out.prefix + '/program')
  fs.writeFileSync(input.src + '/object', 'made by compile')
  return { prefix: out.prefix }
} })
const verify = defineStep({ name: 'verify', input: z.object({ prefix: tree() }), output: z.object({ prefix: tree(), says: z.string() }), async run({ input }) {
  return { prefix: input.prefix, says: fs.readFileSync(input.prefix + '/program', 'utf8') }
} })
const pkg = chain('pkg', get(), patch({ to: 'patched' }), compile(), verify())
export default pkg
export const edited = pkg.replace('patch', patch({ to: 'edited' })).insertAfter('compile', verify().as('early')).remove('verify')
export const twice = chain('twice', get(), patch({ to: 'a' }).as('first'), patch({ to: 'a' }).as('second'), compile())
export const reserved = chain('reserved', get().as('build'), patch({ to: 'x' }).as('configure'), compile().as('unpack'), verify().as('install'))
export const ordered = record('ordered', { '9-b': verify(), '10-a': compile(), '00-get': get() , '05-none': null })
`
const project = new Project({ 'build.ts': BUILD })

async function view(target = ''): Promise<PlanView> {
  const { code, stdout, stderr } = await project.tenon(['plan', target, '--json'])
  assert.equal(code, 0, stderr)
  return JSON.parse(stdout) as PlanView // what the command prints
}

test('a plan starts no process, and the trace of the build is its list of steps', async () => {
  await view() // the type check of the first load is a process
  const env = { NODE_OPTIONS: '--permission --allow-fs-read=* --allow-fs-write=*' } // no child process, no worker
  const { code, stdout, stderr } = await project.tenon(['plan', '--json'], { env })
  assert.equal(code, 0, stderr)
  assert.deepEqual(
    project.stored().filter((path) => path.startsWith('store/') || path.endsWith('.json')),
    [],
  )
  assert.match((await project.tenon(['build'], { env })).stderr, /ERR_ACCESS_DENIED|Access to this API/)
  const planned = (JSON.parse(stdout) as PlanView).steps // what the command prints
  assert.deepEqual(
    planned.map(({ name }) => name),
    ['get', 'patch', 'compile', 'verify'],
  )
  assert.deepEqual(
    planned.map(({ realised }) => realised),
    [false, null, null, null],
  )

  const { events, ran } = await project.build()
  const started = events.flatMap((event) => (event.kind === 'step-started' ? [event.label.step] : []))
  assert.deepEqual(
    started,
    planned.map(({ name }) => name),
  )
  assert.deepEqual(ran, started)
  const after = await view()
  assert.deepEqual(
    after.steps.map(({ realised }) => realised),
    [true, true, true, true],
  )
  assert.deepEqual(
    (await view()).steps.map(({ key }) => key),
    after.steps.map(({ key }) => key),
  )
})

test('build x@step prints that step’s document and its files; source stops where compiling begins', async () => {
  const { code, stdout } = await project.tenon(['build', '@compile', '--no-link'])
  assert.equal(code, 0)
  const { src, prefix, ...rest } = JSON.parse(stdout) as Record<string, string> // two paths
  assert.deepEqual(rest, {})
  assert.equal(readFileSync(join(String(prefix), 'program'), 'utf8'), 'patched')
  assert.ok(!existsSync(join(String(src), 'object')), 'the tree that is carried is the one before the step')
  const fresh = new Project({ 'build.ts': BUILD })
  const source = await fresh.tenon(['source', '--json'])
  const lines = source.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>) // JSON lines
  assert.deepEqual(
    lines.flatMap(({ kind, step }) => (kind === 'step-started' ? [step] : [])),
    ['get', 'patch'],
  )
  assert.equal(readFileSync(join(fresh.directory, 'result/greeting'), 'utf8'), 'patched')
})

test('a step value under two names is two runs with two keys', async () => {
  const { ran } = await project.build('#twice')
  assert.deepEqual(ran, ['get', 'first', 'second', 'compile'])
  const keys = (await view('#twice')).steps.map(({ key }) => key)
  assert.equal(new Set(keys).size, 4)
  project.write({
    'same.ts': `${BUILD}export const same = chain('same', get(), patch({ to: 'a' }), patch({ to: 'b' }))\n`,
  })
  const { code, stderr } = await project.tenon(['check', 'same.ts'])
  assert.equal(code, 3)
  assert.match(stderr, /two steps are named 'patch'/)
})

test('no step name is reserved, and an edited chain runs its own steps only', async () => {
  assert.deepEqual((await project.build('#reserved')).ran, ['build', 'configure', 'unpack', 'install'])
  const edited = await project.build('#edited')
  assert.equal((edited.document as { says: string }).says, 'edited')
  assert.deepEqual(edited.found, ['get'])
  assert.deepEqual(edited.ran, ['patch', 'compile', 'early'])
})

test('a record runs in byte order of its keys', async () => {
  const { events } = await project.build('#ordered')
  const finished = events.flatMap((event) => (event.kind === 'step-finished' ? [event.label.step] : []))
  assert.deepEqual(finished, ['00-get', '10-a', '9-b'])
})

test('comments, formatting and names of variables run nothing again, and change neither plan nor keys', async () => {
  const before = await view()
  const renamed = BUILD.replaceAll(/\bcompile\b(?=[ (=])/g, 'compileIt')
    .replaceAll('pkg', 'thePackage')
    .replaceAll("'thePackage'", "'pkg'")
  assert.notEqual(renamed, BUILD)
  project.write({ 'build.ts': `// A comment.\n\n${renamed.replaceAll('{ ', '{\n  // another\n  ')}` })
  const { ran, processes, document } = await project.build()
  assert.deepEqual([ran, processes], [[], 0])
  assert.equal((document as { says: string }).says, 'patched')
  const after = await view()
  const still = (step: PlanView['steps'][number]): unknown => ({ ...step, position: null })
  assert.deepEqual(after.steps.map(still), before.steps.map(still))
})

test('an unknown key of a configuration is refused by the compiler, and by the plan where there is none', async () => {
  const head = `import { z } from 'zod'\nimport { chain, defineStep } from 'tenon'\n`
  const step = `const s = defineStep({ name: 's', params: z.object({ level: z.number() }), output: z.object({}), script: 'true' })\n`
  project.write({
    'typed.ts': `${head}${step}export default chain('c', s({ level: 1, levle: 2 }))\n`,
    'untyped.js': `${head}${step}export default chain('c', s({ level: 1, levle: 2 }))\n`,
    'definition.js': `${head}export default chain('c', defineStep({ name: 's', output: z.object({}), script: 'true', timeout: 3 })())\n`,
  })
  const typed = await project.tenon(['build', 'typed.ts'])
  assert.deepEqual([typed.code, /TN1000.*levle/.test(typed.stderr)], [3, true], typed.stderr)
  const untyped = await project.tenon(['build', 'untyped.js'])
  assert.deepEqual(
    [untyped.code, /levle/.test(untyped.stderr), /level/.test(untyped.stderr)],
    [3, true, true],
    untyped.stderr,
  )
  const definition = await project.tenon(['build', 'definition.js'])
  assert.deepEqual(
    [definition.code, /timeout/.test(definition.stderr), /timeoutMs/.test(definition.stderr)],
    [3, true, true],
    definition.stderr,
  )
})
