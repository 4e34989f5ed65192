// step.test.ts — one step in use as a step of the plan: outputs, tools, scripts, declared hashes, project folders.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  chain,
  defineStep,
  file,
  hostTools,
  localFile,
  tree,
  workTree,
  type Tree,
} from '../../../dsl/index.ts'
import type { Planned } from '../../../dsl/plan/plan.ts'
import { planModule } from '../../../dsl/realm.ts'
import { context, fetch, make, plan, planOf, stepOf, unpack } from '../steps.ts'

const output = z.object({ n: z.number() })
const zlib = chain('zlib', fetch({ url: 'z' }), unpack(), make())
const define = defineStep as (options: unknown) => () => ReturnType<typeof unpack> // what types refuse is tested too
const planWith = (options: object) => planOf(chain('c', define({ name: 'x', output, ...options })() as never)) // never: as above

test('artifact fields of known places are outputs, nested ones included', () => {
  const step = defineStep({
    name: 'x',
    output: z.object({
      bin: tree(),
      dist: z.object({ log: file() }),
      src: workTree(),
      all: z.array(file()),
      n: z.number(),
    }),
    script: 'true',
  })
  assert.deepEqual(stepOf(chain('c', step()), 'x').outputs, [
    { pointer: '/bin', kind: 'tree', name: 'c-bin' },
    { pointer: '/dist/log', kind: 'file', name: 'c-dist.log' },
    { pointer: '/src', kind: 'workTree', name: 'c-src' },
  ])
})

test('an artifact field that no path can hold is refused', () => {
  assert.throws(() => planWith({ output: z.object({ 'a/b': tree() }), script: 'true' }), { code: 'TN1318' })
})

test('a lossy schema is refused while planning', () => {
  assert.throws(() => planWith({ output: z.object({ at: z.date() }), script: 'true' }), {
    code: /^TN20\d\d$/,
  })
})

test('an error of a schema carries the position of the step that has it', () => {
  const value = {
    default: chain('c', define({ name: 'x', output: z.object({ at: z.date() }), script: 'true' })() as never),
  } // never: what types refuse
  const locate = () => ({ file: '/p/build.ts', line: 7, column: 3 })
  assert.throws(() => planModule(value, { ...context, locate, projectRoot: '/p' }), {
    message: /step 'x'/,
    position: { file: '/p/build.ts', line: 7, column: 3 },
  })
})

test('host commands are one sorted set, trees follow in their order', () => {
  const step = defineStep({
    name: 'x',
    params: z.object({ gcc: tree() }),
    output,
    tools: ({ gcc }) => [hostTools('sed', 'cc'), gcc, hostTools('cc')],
    script: 'true',
  })
  const { tools } = stepOf(chain('c', step({ gcc: zlib.output.prefix })), 'x')
  assert.deepEqual(tools[0], { kind: 'host', commands: ['cc', 'sed'] })
  assert.ok(tools[1]?.kind === 'tree' && tools[1].tree.kind === 'output')
  assert.equal(tools.length, 2)
})

test('a step without tools has none', () => {
  assert.deepEqual(planWith({ script: 'true' }).steps[0]?.tools, [])
})

test('what is no tool is refused', () => {
  for (const tool of ['make', '/usr/bin' as Tree, null, {}])
    assert.throws(() => planWith({ script: 'true', tools: [tool] }), { code: 'TN1316' })
  assert.throws(() => planWith({ script: 'true', tools: () => 'make' }), { code: 'TN1316' })
  assert.throws(() => hostTools('/usr/bin/cc'), { code: 'TN1316' })
})

test('a script may be made from params, but not from references', () => {
  const step = defineStep({
    name: 'x',
    params: z.object({ a: z.string() }),
    output,
    script: ({ a }) => `echo ${a}`,
  })
  assert.deepEqual(stepOf(chain('c', step({ a: 'b' })), 'x').body, {
    kind: 'script',
    interpreter: 'sh',
    text: 'echo b',
  })
  assert.throws(() => stepOf(chain('c', step({ a: zlib.output.prefix })), 'x'), { code: 'TN1315' })
  assert.throws(() => planWith({ script: () => 1 }), { code: 'TN1315' })
})

const sri = `sha256-${'A'.repeat(43)}=`
const fixed = (declared: unknown, members: object = { file: file() }) =>
  planWith({
    output: z.object(members as { file: ReturnType<typeof file> }),
    script: 'true',
    network: true,
    fixedOutput: () => declared,
  })

test('an inline hash wins over the lock; without both the hash is still unknown', () => {
  const locked = { 'https://a': 'sha256-locked' }
  const of = (params: { url: string; hash?: string }) =>
    plan({ default: chain('c', fetch(params)) }, { locked }).steps[0]?.fixedOutput
  assert.deepEqual(of({ url: 'https://a', hash: sri }), { hash: sri, lockKey: 'https://a' })
  assert.deepEqual(of({ url: 'https://a' }), { hash: 'sha256-locked', lockKey: 'https://a' })
  assert.deepEqual(of({ url: 'https://b' }), { hash: null, lockKey: 'https://b' })
})

test('a fixed output declares one file or tree, by an SRI hash or a lock key', () => {
  assert.deepEqual(fixed({ hash: sri }).steps[0]?.fixedOutput, { hash: sri, lockKey: null })
  assert.equal(fixed({ hash: sri }, { t: tree() }).steps[0]?.network, true)
  for (const declared of [{}, null, { hash: 'abc' }, { hash: 1 }, { lockKey: '' }, { hash: sri, sha: 'x' }])
    assert.throws(() => fixed(declared), { code: 'TN1317' })
  for (const members of [
    { a: file(), b: file() },
    { a: file(), n: z.number() },
    { n: z.number() },
    { src: workTree() },
  ])
    assert.throws(() => fixed({ hash: sri }, members), { code: 'TN1317' })
})

test('a hash that another step gives is refused', () => {
  assert.throws(() => planOf(chain('c', fetch({ url: `${zlib.output.prefix}` }))), { code: 'TN1315' })
})

/** Planned as if the step stood in `file` of the project /p. */
function baseIn(file: string, path: string): unknown {
  const value = chain('c', unpack()).given({ file: localFile(path) })
  const locate = () => ({ file, line: 1, column: 1 })
  const { plan: made } = JSON.parse(
    planModule({ default: value }, { ...context, locate, projectRoot: '/p' }),
  ) as Planned // planModule's own text
  const params = made.steps[0]?.params
  assert.ok(params?.kind === 'literal')
  return params.value
}

test('project files are found from the file that names them', () => {
  const found = { exclude: [], gitignore: false, single: true }
  assert.deepEqual(baseIn('/p/build.ts', './a.patch'), { ...found, base: '.', include: ['a.patch'] })
  assert.deepEqual(baseIn('/p/lib/x/build.ts', 'patches/a.patch'), {
    ...found,
    base: 'lib/x/patches',
    include: ['a.patch'],
  })
  assert.deepEqual(baseIn('/p/lib/build.ts', '../a.patch'), { ...found, base: '.', include: ['a.patch'] })
})

test('a path outside of the project, an absolute one, or none is refused', () => {
  assert.throws(() => baseIn('/p/build.ts', '../a.patch'), { code: 'TN1319' })
  assert.throws(() => baseIn('/p/lib/build.ts', '../../q/a.patch'), { code: 'TN1319' })
  assert.throws(() => baseIn('/p/build.ts', '../../../a.patch'), { code: 'TN1319' })
  for (const path of ['/etc/passwd', '', 'a/', '.', '..'])
    assert.throws(() => localFile(path), { code: 'TN1319' })
})

test('an error of planning carries the position of the step', () => {
  const locate = () => ({ file: '/p/build.ts', line: 7, column: 3 })
  const value = { default: chain('c', define({ name: 'x', output, script: () => 1 })() as never) } // never: what types refuse
  assert.throws(() => planModule(value, { ...context, locate, projectRoot: '/p' }), {
    code: 'TN1315',
    position: { file: '/p/build.ts', line: 7, column: 3 },
  })
})
