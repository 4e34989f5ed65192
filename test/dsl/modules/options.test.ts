// options.test.ts — options by themselves: values, defaults, what is missing, what does not fit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { z as z3 } from 'zod/v3'
import { chain, defineModule, evalModules, file, flag, mkDefault, option } from '../../../dsl/index.ts'
import { fetch, unpack } from '../steps.ts'

const text = (docs: { default?: string } = {}) => option(z.string(), { description: 'A text', ...docs })

test('an option has its default until somebody sets it', () => {
  const base = defineModule({ options: { name: text({ default: 'a' }) } })
  assert.equal(evalModules([base]).config.name, 'a')
  assert.equal(evalModules([base, defineModule({ imports: [base], config: { name: 'b' } })]).config.name, 'b')
})

test("the schema's own default counts, and an optional option may stay unset", () => {
  const { config } = evalModules([
    defineModule({
      options: {
        jobs: option(z.number().default(2), { description: 'How many' }),
        host: option(z.string().optional(), { description: 'Where' }),
        old: option(z3.string().default('x'), { description: 'Of zod 3' }),
        on: flag('Whether'),
        off: flag('Whether not', true),
      },
    }),
  ])
  assert.deepEqual({ ...config }, { jobs: 2, host: undefined, old: 'x', on: false, off: true })
})

test('a value may follow from others, in groups too, and a change of those changes it', () => {
  const base = defineModule({
    options: { version: text({ default: '1' }), source: { url: text() } },
    config: ({ config }) => ({ source: { url: mkDefault(() => `https://x/${config.version}.tar`) } }),
  })
  const next = defineModule({ imports: [base], config: { version: '2' } })
  assert.equal(evalModules([base]).config.source.url, 'https://x/1.tar')
  assert.equal(evalModules([next]).config.source.url, 'https://x/2.tar')
})

test('a mandatory option that is missing fails when it is read, and by its name', () => {
  const { config } = evalModules([defineModule({ options: { a: { b: text() }, c: text({ default: '' }) } })])
  assert.equal(config.c, '')
  assert.throws(() => config.a.b, {
    code: 'TN1504',
    message: "the option 'a.b' is needed, and nothing sets it",
    hint: 'Set it: config: { a: { b: … } }.',
  })
})

test('a value that does not fit its schema is refused with the places of option and value', () => {
  const base = defineModule({
    options: { jobs: option(z.number().int().min(1), { description: 'How many' }) },
  })
  const { config } = evalModules([defineModule({ imports: [base], config: { jobs: 0 } })])
  assert.throws(
    () => config.jobs,
    (error: { code: string; message: string; related: readonly { fact: string; stack: string }[] }) => {
      assert.equal(error.code, 'TN1503')
      assert.match(error.message, /^the option 'jobs' does not take its value: .*>=1/)
      assert.deepEqual(
        error.related.map(({ fact }) => fact),
        ['set to 0', 'declared: How many'],
      )
      for (const { stack } of error.related) assert.match(stack, /options\.test\.ts:\d+:\d+/)
      return true
    },
  )
})

test('an option is computed once, however often it is read', () => {
  let times = 0
  const { config } = evalModules([
    defineModule({
      options: { a: text(), b: text() },
      config: ({ config: own }) => ({ a: () => `${++times}`, b: () => own.a + own.a }),
    }),
  ])
  assert.equal(config.b + config.a + config.a, '1111')
  assert.equal(times, 1)
})

test('what config gives cannot be changed', () => {
  const value = ['a']
  const { config } = evalModules([
    defineModule({
      options: { list: option(z.array(z.string()), { description: 'Some' }) },
      config: { list: value },
    }),
  ])
  assert.throws(() => Reflect.apply(Array.prototype.push, config.list, ['b']), TypeError)
  assert.throws(() => Object.assign(config, { list: [] }), { code: 'TN1516' })
  assert.deepEqual(value, ['a'])
})

test('an artifact is a reference, and a package stands for the one artifact that it gives', () => {
  const base = defineModule({ options: { source: option(file(), { description: 'An archive' }) } })
  const source = fetch({ url: 'a' })
  const direct = evalModules([defineModule({ imports: [base], config: { source: source.output.file } })])
  const whole = evalModules([defineModule({ imports: [base], config: { source: chain('a', source) } })])
  assert.match(String(direct.config.source), /tenon-ref/)
  assert.match(String(whole.config.source), /tenon-ref/)
  assert.throws(
    () => evalModules([defineModule({ imports: [base], config: { source: 3 as never } })]).config.source,
    {
      code: 'TN1503',
    },
  ) // never: the types refuse it too
})

test('a config can be listed, spread and written as JSON', () => {
  const { config } = evalModules([
    defineModule({ options: { b: text({ default: 'x' }), a: { c: flag('On') } } }),
  ])
  assert.deepEqual(Object.keys(config), ['b', 'a'])
  assert.equal(JSON.stringify({ ...config }), '{"b":"x","a":{"c":false}}')
  assert.equal('b' in config && !('z' in config), true)
})

/** As JavaScript would call it. */
const untyped = defineModule as unknown as (definition: unknown) => never // what is tested is the untyped call

test('a malformed module or option is refused where it is made', () => {
  const cases: readonly [unknown, string][] = [
    [null, 'a module is defined by null'],
    [{ optoins: {} }, "a module is defined with the unknown key 'optoins'"],
    [{ imports: [undefined] }, 'a module imports undefined, which is no module'],
    [{ imports: [{}] }, 'a module imports a object, which is no module'],
    [{ steps: 3 }, 'steps of a module is neither an object nor a function'],
    [{ assertions: [{ holds: true }] }, 'an entry of assertions is not { holds, message }'],
    [{ options: { deps: {} }, deps: { a: unpack() } }, "a module declares an option 'deps' and dependencies"],
  ]
  for (const [definition, message] of cases)
    assert.throws(() => untyped(definition), { code: 'TN1500', message })
  assert.throws(() => Object.keys(evalModules([untyped({ options: { a: 'x' } })]).config), {
    code: 'TN1500',
    message: `'a' is declared as "x"`,
  })
  assert.throws(() => option(z.string(), {} as never), { message: 'an option has no description' }) // never: types refuse it
  assert.throws(() => option('text' as never, { description: 'x' }), {
    message: 'an option has string in place of a zod schema',
  }) // never: as above
  assert.throws(() => option(z.string(), { description: 'x', defualt: 'y' } as never), {
    message: "an option has the unknown key 'defualt'",
  }) // never: as above
})
