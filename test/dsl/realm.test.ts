// realm.test.ts — what becomes of the exports of a build file.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { chain, hostTools, instantiate, localFile, parallel, record, when } from '../../dsl/index.ts'
import { digestOf } from '../../dsl/plan/digest.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import { planModule } from '../../dsl/realm.ts'
import { context, fetch, make, patch, plan, planOf, stepOf, unpack, version } from './steps.ts'

const zlib = chain('zlib', fetch({ url: 'https://example.org/zlib.tar.gz' }), unpack(), make({ jobs: 2 }))
const hello = chain(
  'hello',
  fetch({ url: 'https://example.org/hello.tar.gz', hash: `sha256-${'A'.repeat(43)}=` }),
  unpack(),
  version(),
  when(true, patch({ patches: [localFile('./greeting.patch')] })),
  parallel('all', {
    prog: make({ flags: [`--with-zlib=${zlib.output.prefix}`, '--static'], zlib: zlib.output.prefix }),
    docs: chain('docs', patch().as('tidy'), make()),
  }),
)

/** Compares with a file; TENON_UPDATE_GOLDEN=1 writes it. */
function matchesGolden(name: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', name)
  if (process.env['TENON_UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  assert.equal(text, readFileSync(path, 'utf8'))
}

test('a build file with every kind of step has the plan of the golden file', () => {
  const planned = instantiate(
    { default: hello, zlib },
    { ...context, locked: { 'https://example.org/zlib.tar.gz': 'sha256-locked' } },
  )
  matchesGolden('hello.plan.json', `${JSON.stringify(planned.plan, null, 1)}\n`)
})

test('the canonical plan has the golden digest', () => {
  assert.equal(
    digestOf(canonicalJson(plan({ default: hello, zlib }))),
    '40eed1cd396c157e03affe6958a620ca832590d4ea672ade73ad4852737219dc',
  )
})

test('a plan is frozen throughout', () => {
  const made = plan({ default: hello })
  assert.ok(Object.isFrozen(made.steps[0]?.schemas) && Object.isFrozen(made.packages['default']?.steps))
})

test('a package that is not exported is planned where it is referred to, once', () => {
  const made = plan({ default: hello })
  assert.deepEqual(Object.keys(made.packages), ['default'])
  assert.equal(made.steps.filter(({ chain: name }) => name === 'zlib').length, 3)
})

test('equal packages and steps stand in the plan once', () => {
  const twin = chain('zlib', fetch({ url: 'https://example.org/zlib.tar.gz' }), unpack(), make({ jobs: 2 }))
  const made = plan({ a: zlib, b: twin })
  assert.equal(made.steps.length, 3)
  assert.deepEqual(made.packages['a'], made.packages['b'])
})

test('packages may depend on each other thousands deep', () => {
  let last = zlib
  for (let i = 0; i < 3000; i++)
    last = chain('zlib', fetch({ url: `${i}` }), unpack(), make({ zlib: last.output.prefix }))
  assert.equal(plan({ default: last }).steps.length, 9003)
})

test('steps stand after the steps that they depend on', () => {
  const { steps } = planOf(hello)
  steps.forEach((step, i) => {
    for (const match of canonicalJson(step).matchAll(/"step":(\d+)/g)) assert.ok(Number(match[1]) < i)
  })
})

test('the names of variables and the order of exports do not matter', () => {
  const renamed = chain(
    'zlib',
    fetch({ url: 'https://example.org/zlib.tar.gz' }),
    unpack(),
    make({ jobs: 2 }),
  )
  assert.deepEqual(plan({ zlib: renamed, default: hello }), plan({ default: hello, zlib }))
})

test('empty options are as absent ones', () => {
  const source = [fetch({ url: 'a' }), unpack()] as const
  const bare = plan({ default: chain('x', ...source, make()) })
  assert.deepEqual(plan({ default: chain('x', ...source, make({})) }), bare)
  assert.deepEqual(plan({ default: chain('x', ...source, make({ jobs: 1, flags: [] })) }), bare)
})

test('chain(a, b), .step(a).step(b) and the record form have one plan', () => {
  const a = fetch({ url: 'a' }).as('10-fetch')
  const b = unpack().as('20-unpack')
  const expected = plan({ default: chain('x', a, b) })
  assert.deepEqual(plan({ default: chain('x').step(a).step(b) }), expected)
  assert.deepEqual(
    plan({ default: record('x', { '20-unpack': unpack(), '10-fetch': fetch({ url: 'a' }) }) }),
    expected,
  )
})

test('one step value under two names is two steps of the plan', () => {
  const once = patch()
  const { main } = planOf(chain('x', fetch({ url: 'a' }), unpack(), once, once.as('again')))
  const [first, second] = main.steps.slice(2)
  assert.notEqual(first?.step, second?.step)
  assert.deepEqual([first?.name, second?.name], ['patch', 'again'])
})

test('the first step of a chain gets the declared input, not a made-up output', () => {
  const given = chain('x', unpack(), make()).given({ file: localFile('./a.tar') })
  const input = stepOf(given, 'unpack').input
  assert.equal(input.kind, 'record')
  const source = stepOf(given, 'local-file')
  assert.deepEqual(source.params.kind === 'literal' && source.params.value, {
    base: '.',
    exclude: [],
    gitignore: false,
    include: ['a.tar'],
    single: true,
  })
})

test('a first step that needs nothing gets the empty document', () => {
  assert.deepEqual(stepOf(zlib, 'fetch').input, { kind: 'literal', value: {} })
})

test('a default export whose first step lacks its input is refused, and the missing field named', () => {
  assert.throws(
    () => plan({ default: chain('x', unpack(), make()) }),
    (error: { code: string; details: string[] }) => {
      assert.equal(error.code, 'TN1310')
      assert.match(error.details.join(), /^\/file: /)
      return true
    },
  )
})

test('a named export that waits for its input is a part for others, no package', () => {
  const planned = instantiate(
    { default: zlib, parts: chain('parts', unpack()), tools: hostTools('cc') },
    context,
  )
  assert.deepEqual(planned.otherExports, ['parts', 'tools'])
  assert.deepEqual(Object.keys(planned.plan.packages), ['default'])
})

test('a chain without steps is refused', () => {
  assert.throws(() => plan({ default: chain('x') }), { code: 'TN1321' })
})

test('nested chains and branches lend their names to the steps in them', () => {
  const { main } = planOf(hello)
  assert.deepEqual(
    main.steps.map(({ name }) => name),
    ['fetch', 'unpack', 'version', 'patch', 'all/docs/tidy', 'all/docs/make', 'all/prog'],
  )
})

test('the platform is in every step', () => {
  const made = plan({ default: zlib }, { platform: { os: 'linux', arch: 'arm64' } })
  assert.ok(made.steps.every(({ platform }) => platform.arch === 'arm64'))
})

test('positions are those of the uses of the steps, beside the plan', () => {
  const use = make() // line of this use
  const value = chain('x', fetch({ url: 'a' }), unpack(), use)
  const locate = (stack: string) => {
    const frame = stack.split('\n').find((line) => line.includes('.test.ts:'))
    const [, file, line, column] = /\/\/(\/[^:]+):(\d+):(\d+)/.exec(frame ?? '') ?? []
    return { file: String(file), line: Number(line), column: Number(column) }
  }
  const text = planModule({ default: value }, { ...context, locate, projectRoot: '/' })
  const { plan: made, positions } = JSON.parse(text) as ReturnType<typeof instantiate> // planModule's own text
  const line = readFileSync(import.meta.filename, 'utf8')
    .split('\n')
    .findIndex((each) => each.includes('line of this use'))
  assert.equal(positions.steps[2]?.line, line + 1)
  assert.equal(positions.steps[2]?.file, import.meta.filename)
  assert.deepEqual(made, plan({ default: value }))
})
