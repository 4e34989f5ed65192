// package.test.ts — packages made of modules: their plan, extension, dependencies, checks.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  chain,
  defineModule,
  definePackage,
  dep,
  file,
  instantiate,
  mkDefault,
  mkForce,
  option,
  record,
  tree,
  when,
  type AnyModule,
} from '../../../dsl/index.ts'
import { context, fetch, make, patch, plan, planOf, stepOf, unpack, version } from '../steps.ts'

const base = defineModule({
  options: {
    version: option(z.string(), { description: 'Released version', default: '1.0' }),
    url: option(z.string(), { description: 'Where it comes from' }),
    patched: option(z.boolean(), { description: 'Whether it is patched', default: false }),
  },
  config: ({ config }) => ({ url: mkDefault(() => `https://x/hello-${config.version}.tar.gz`) }),
  steps: ({ config }) => ({
    '10-fetch': fetch({ url: config.url }),
    '20-unpack': unpack(),
    '25-patch': when(config.patched, patch()),
    '30-make': make(),
  }),
})
const hello = definePackage('hello', { imports: [base] })
const urlOf = (value: unknown) => stepOf(value, '10-fetch').params
const namesOf = (value: unknown) => planOf(value).main.steps.map(({ name }) => name)
/** As JavaScript would call it. */
const untyped = definePackage as unknown as (name: string, definition: unknown) => typeof hello // what is tested is the untyped call
const untypedModule = defineModule as unknown as (definition: unknown) => AnyModule // as above

test('a package in module form has the very plan of the same chain', () => {
  const written = chain(
    'hello',
    fetch({ url: 'https://x/hello-1.0.tar.gz' }).as('10-fetch'),
    unpack().as('20-unpack'),
    make().as('30-make'),
  )
  const asRecord = record('hello', {
    '30-make': make(),
    '20-unpack': unpack(),
    '10-fetch': fetch({ url: 'https://x/hello-1.0.tar.gz' }),
  })
  assert.deepEqual(plan({ default: hello }), plan({ default: written }))
  assert.deepEqual(plan({ default: hello }), plan({ default: asRecord }))
})

test('an extension leaves the package as it was, any number of times, and what follows from options follows', () => {
  const before = plan({ default: hello })
  const second = hello.extend({ config: { version: '2.0' } })
  const third = second.extend({ config: { patched: true } }).extend({ steps: { '28-version': version() } })
  assert.deepEqual(urlOf(second), { kind: 'literal', value: { url: 'https://x/hello-2.0.tar.gz' } })
  assert.deepEqual(urlOf(third), urlOf(second))
  assert.deepEqual(namesOf(third), ['10-fetch', '20-unpack', '25-patch', '28-version', '30-make'])
  assert.deepEqual(plan({ default: hello }), before)
})

test('an extension sees the package as it was before', () => {
  const longer = hello.extend((before) => ({ config: { version: mkForce(`${before.config.version}.1`) } }))
  assert.equal(
    longer.extend((before) => ({ config: { url: `${before.config.url}.sig` } })).config.url,
    'https://x/hello-1.0.1.tar.gz.sig',
  )
})

test('a step is added, replaced and removed by its name, in byte order of the names', () => {
  const edited = hello.extend({
    steps: { '100-first': fetch({ url: 'b' }), '10-fetch': null, '30-make': make({ jobs: 9 }) },
  })
  assert.deepEqual(namesOf(edited), ['100-first', '20-unpack', '30-make'])
  assert.match(JSON.stringify(stepOf(edited, '30-make').params), /"jobs":9/)
})

test('a removed step that another one needs is refused while planning', () => {
  const steps: {} = { '20-unpack': null } // {}: as if its keys were not known
  assert.throws(() => plan({ default: hello.extend({ steps }) }), {
    code: 'TN1310',
    message: "the input of step '30-make' does not fit its schema",
    details: ['/src: is missing (needs work tree)'],
  })
})

test('a step that is not there cannot be removed', () => {
  assert.throws(() => plan({ default: untyped('x', { imports: [base], steps: { '20-unpck': null } }) }), {
    code: 'TN1512',
    hint: "Did you mean '20-unpack'?",
  })
})

test('modules that do not know of each other cannot give one step; who imports both decides', () => {
  const [one, two] = [1, 2].map((jobs) =>
    untypedModule({ imports: [base], steps: { '30-make': make({ jobs }) } }),
  )
  const imports = [one, two]
  assert.throws(() => plan({ default: untyped('x', { imports }) }), { code: 'TN1511' })
  const decided = untyped('x', { imports, steps: { '30-make': make({ jobs: 3 }) } })
  assert.match(JSON.stringify(stepOf(decided, '30-make').params), /"jobs":3/)
})

test('a module removes steps of its imports alone, whatever stands beside it; two may remove the same', () => {
  const gives = untypedModule({ steps: { '20-x': unpack() } })
  const removes = untypedModule({ steps: { '20-x': null } })
  for (const imports of [
    [gives, removes],
    [removes, gives],
  ])
    assert.throws(
      () => plan({ default: untyped('x', { imports, steps: { '10-f': fetch({ url: 'a' }) } }) }),
      {
        code: 'TN1512',
        message: "there is no step '20-x' to remove",
      },
    )
  const [one, two] = [1, 2].map(() => untypedModule({ imports: [base], steps: { '25-patch': null } }))
  assert.deepEqual(namesOf(untyped('x', { imports: [one, two], config: { patched: true } })), [
    '10-fetch',
    '20-unpack',
    '30-make',
  ])
})

test('of a diamond the module that replaces a step counts, in whatever order they are imported', () => {
  const replaces = untypedModule({ imports: [base], steps: { '30-make': version() } })
  const beside = untypedModule({ imports: [base] })
  for (const imports of [
    [replaces, beside],
    [beside, replaces, base],
  ])
    assert.match(JSON.stringify(stepOf(untyped('x', { imports }), '30-make').body), /output version 1/)
})

test('steps whose names no store path can hold are refused', () => {
  assert.throws(() => plan({ default: untyped('x', { steps: { 'a b': make() } }) }), { code: 'TN1302' })
  assert.throws(() => plan({ default: untyped('x', { steps: { a: make } }) }), { code: 'TN1308' })
  assert.throws(() => plan({ default: untyped('x', { steps: () => 3 }) }), { code: 'TN1500' })
  assert.throws(() => plan({ default: untyped('x', {}) }), { code: 'TN1321' })
})

const zlib = (url: string) => chain('zlib', fetch({ url }), unpack(), make())
const linked = definePackage('linked', {
  imports: [base],
  deps: {
    zlib: dep(z.object({ prefix: tree() }), { description: 'Compression', default: zlib('z1') }),
    unused: dep(z.object({ prefix: tree() }), {
      description: 'Never used',
      default: () => assert.fail('used'),
    }),
  },
  steps: ({ deps }) => ({ '30-make': make({ zlib: deps.zlib.output.prefix }) }),
})
const fetches = (value: unknown) =>
  planOf(value).steps.flatMap(({ fixedOutput }) => fixedOutput?.lockKey ?? [])

test('a dependency is another package, which an extension may exchange', () => {
  assert.deepEqual(fetches(linked), ['z1', 'https://x/hello-1.0.tar.gz'])
  const other = linked.extend({ config: { deps: { zlib: zlib('z2') } } })
  assert.deepEqual(fetches(other), ['z2', 'https://x/hello-1.0.tar.gz'])
  assert.notDeepEqual(plan({ default: other }), plan({ default: linked }))
})

test('a dependency that is no package, or that nothing gives, is refused when it is used', () => {
  const without = definePackage('x', {
    deps: { a: dep(z.object({ prefix: tree() }), { description: 'Needed' }) },
    steps: ({ deps }) => ({ a: make({ zlib: deps.a.output.prefix }) }),
  })
  assert.throws(() => plan({ default: without }), {
    code: 'TN1504',
    message: "the dependency 'deps.a' is needed, and nothing gives it",
  })
  const wrong = { config: { deps: { a: 'zlib' as never } } } // never: the types refuse it too
  assert.throws(() => plan({ default: without.extend(wrong) }), { code: 'TN1513' })
})

test('a dependency made of modules is put together only when it is used', () => {
  let times = 0
  const inner = definePackage('inner', {
    imports: [base],
    steps: () => {
      times++
      return {}
    },
  })
  const outer = definePackage('outer', {
    deps: { inner: dep(z.object({ prefix: tree() }), { description: 'Inner', default: inner }) },
    options: { text: option(z.string(), { description: 'A text', default: '' }) },
    config: ({ deps }) => ({ text: () => `--with=${deps.inner.output.prefix}` }),
    steps: ({ config }) => ({ a: unpack(), b: make({ flags: [config.text] }) }),
  })
  assert.match(outer.config.text, /^--with=/)
  assert.equal(times, 0)
  const given = definePackage('whole', { steps: { fetch: fetch({ url: 'a' }), outer: outer } })
  plan({ default: given })
  plan({ default: given })
  assert.equal(times, 1)
})

test('a package stands where a source is expected: for an artifact option, and as a step', () => {
  const archive = definePackage('archive', { steps: { fetch: fetch({ url: 'a' }) } })
  const mirrored = defineModule({ options: { source: option(file(), { description: 'An archive' }) } })
  const built = definePackage('built', {
    imports: [mirrored],
    config: { source: archive },
    steps: ({ config }) => ({ a: fetch({ url: 'b' }), b: unpack(), c: patch({ patches: [config.source] }) }),
  })
  const { steps } = planOf(built)
  const at = steps.findIndex(({ fixedOutput }) => fixedOutput?.lockKey === 'a')
  assert.deepEqual(stepOf(built, 'c').params, {
    kind: 'record',
    fields: {
      patches: { kind: 'list', items: [{ kind: 'output', step: at, path: ['file'] }] },
      strip: { kind: 'literal', value: 1 },
    },
  })
  assert.deepEqual(namesOf(definePackage('nested', { steps: { '1': archive, '2': unpack() } })), [
    '1/fetch',
    '2',
  ])
  const several = built.extend({ config: { source: mkForce(chain('odd', version())) } })
  assert.throws(() => plan({ default: several }), { code: 'TN1513' })
})

test('assertions that do not hold are all listed; warnings come beside the plan', () => {
  const strict = hello.extend({
    assertions: [
      { holds: ({ config }) => config.patched, message: 'it must be patched' },
      { holds: () => true, message: 'never seen' },
      {
        holds: ({ config }) => config.version !== '1.0',
        message: ({ config }) => `${config.version} is too old`,
      },
    ],
    warnings: [{ when: ({ config }) => config.version === '2.0', message: '2.0 is new' }],
  })
  assert.throws(
    () => plan({ default: strict }),
    (error: { code: string; message: string; related: readonly { fact: string }[] }) => {
      assert.equal(error.code, 'TN1508')
      assert.equal(error.message, "2 assertions of 'hello' do not hold")
      assert.deepEqual(
        error.related.map(({ fact }) => fact),
        ['it must be patched', '1.0 is too old'],
      )
      return true
    },
  )
  const fine = strict.extend({ config: { version: '2.0', patched: true } })
  const { warnings, plan: planned } = instantiate({ default: fine }, context)
  assert.deepEqual(warnings, [{ message: '2.0 is new', position: null }])
  assert.deepEqual(planned, plan({ default: hello.extend({ config: { version: '2.0', patched: true } }) }))
})

test('a warning is said once, also of a package that is a step of another one', () => {
  const warned = hello.extend({ warnings: [{ when: () => true, message: 'old' }] })
  const outer = chain('outer', warned)
  const { warnings } = instantiate({ default: outer, again: warned, more: warned.extend({}) }, context)
  assert.deepEqual(warnings, [{ message: 'old', position: null }])
})

test('the same package under another name', () => {
  assert.equal(planOf(hello.as('greeting')).main.name, 'greeting')
  assert.throws(() => hello.as('a b'), { code: 'TN1302' })
})
