// scope.test.ts — which options a module may read and set, imports by identity, options that depend on themselves.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineModule, definePackage, evalModules, option, type AnyModule } from '../../../dsl/index.ts'

const text = (value: string) => option(z.string(), { description: 'A text', default: value })
const colour = defineModule({ options: { colour: text('red') } })
/** As JavaScript would call it. */
const untyped = defineModule as unknown as (definition: unknown) => AnyModule // what is tested is the untyped call

test('a module that is imported twice, and through others, counts once', () => {
  const list = defineModule({
    options: { list: option(z.array(z.string()), { description: 'A list', default: [] }) },
    config: { list: ['once'] },
  })
  const [left, right] = [defineModule({ imports: [list] }), defineModule({ imports: [list, list] })]
  assert.deepEqual(evalModules([left, right, list]).config.list, ['once'])
})

test('two modules that are written alike are two', () => {
  const make = () => defineModule({ options: { same: text('') } })
  assert.throws(() => evalModules([make(), make()]).config.same, {
    code: 'TN1509',
    message: "the option 'same' is declared twice",
  })
})

test('an option and a group of one name are refused', () => {
  const group = defineModule({ options: { colour: { hue: text('') } } })
  for (const modules of [
    [colour, group],
    [group, colour],
  ] as const)
    assert.throws(() => Object.keys(evalModules(modules as readonly AnyModule[]).config), { code: 'TN1509' })
})

test('groups of several modules come together', () => {
  const [one, two] = [
    defineModule({ options: { g: { a: text('1') } } }),
    defineModule({ options: { g: { b: text('2') } } }),
  ]
  const { config } = evalModules([one, two])
  assert.deepEqual([config.g.a, config.g.b, Object.keys(config.g)], ['1', '2', ['a', 'b']])
})

test('a module can neither set nor read what it did not import, whoever else imports it', () => {
  const sets = untyped({ config: { colour: 'blue' } })
  const reads = untyped({
    options: { shade: text('') },
    config: ({ config }: { config: { colour: string } }) => ({ shade: () => config.colour }),
  })
  assert.throws(() => Object.keys(evalModules([colour, sets]).config), {
    code: 'TN1510',
    message: "a module sets the option 'colour', which it neither declares nor imports",
  })
  const { config } = evalModules([colour, reads])
  assert.equal(config.colour, 'red')
  assert.throws(() => Reflect.get(config, 'shade'), {
    code: 'TN1510',
    message: "a module reads the option 'colour', which it neither declares nor imports",
  })
  assert.equal(
    Reflect.get(evalModules([untyped({ imports: [colour, reads] }), colour]).config, 'colour'),
    'red',
  )
})

test('what a module does not see is not in its config', () => {
  let seen: unknown
  const looks = defineModule({
    options: { keys: text('') },
    config: ({ config }) => ({
      keys: () => {
        seen = [Object.keys(config), 'colour' in config]
        return ''
      },
    }),
  })
  assert.equal(evalModules([colour, looks]).config.keys, '')
  assert.deepEqual(seen, [['keys'], false])
})

test('an extension may read and set all options of the package', () => {
  const painted = definePackage('painted', { imports: [colour] })
  const extended = painted.extend({
    options: { shade: text('') },
    config: ({ config }) => ({ colour: 'blue', shade: () => `dark ${config.colour}` }),
  })
  assert.equal(extended.config.shade, 'dark blue')
})

test('unknown options are refused together, with the nearest name', () => {
  const sets = untyped({ imports: [colour], config: { color: 'blue', shape: 'round' } })
  assert.throws(() => evalModules([sets, colour]).config.colour, {
    code: 'TN1501',
    message: "there are no options 'color', 'shape'",
    hint: "Did you mean 'colour'?",
  })
  assert.throws(() => Reflect.get(evalModules([colour]).config, 'color'), {
    code: 'TN1501',
    hint: "Did you mean 'colour'?",
  })
})

test('a group is set member by member', () => {
  const group = defineModule({ options: { g: { a: text('') } } })
  for (const value of ['x', ['x'], () => ({ a: 'x' })])
    assert.throws(
      () => Object.keys(evalModules([untyped({ imports: [group], config: { g: value } })]).config),
      { code: 'TN1515' },
    )
})

test('a read-only option is set by its own module alone', () => {
  const base = defineModule({
    options: { version: text('1'), full: option(z.string(), { description: 'Follows', readOnly: true }) },
    config: ({ config }) => ({ full: () => `v${config.version}` }),
  })
  assert.equal(evalModules([base]).config.full, 'v1')
  const sets = untyped({ imports: [base], config: { full: 'mine' } })
  assert.throws(() => evalModules([base, sets]).config.full, {
    code: 'TN1506',
    message: "the option 'full' is read-only",
  })
})

test('an option that depends on itself is refused with the path', () => {
  const circle = defineModule({
    options: { a: text(''), g: { b: text('') }, c: text('') },
    config: ({ config }) => ({ a: () => config.g.b, g: { b: () => config.c }, c: () => config.a }),
  })
  const { config } = evalModules([circle])
  for (const time of ['first', 'second'])
    assert.throws(
      () => config.a,
      { code: 'TN1505', message: "the option 'a' depends on itself: a → g.b → c → a" },
      time,
    )
  const alone = defineModule({
    options: { list: option(z.array(z.string()), { description: 'A list' }) },
    config: ({ config: own }) => ({ list: () => [...own.list] }),
  })
  assert.throws(() => evalModules([alone]).config.list, {
    message: "the option 'list' depends on itself: list → list",
  })
})

test('config that is read while definitions are listed is refused with the remedy', () => {
  const early = defineModule({
    options: { a: text('x'), b: text('') },
    config: ({ config }) => ({ b: `${config.a}` }),
  })
  for (const time of ['first', 'second'])
    assert.throws(
      () => evalModules([early]).config.a,
      { code: 'TN1507', hint: 'Make the value a function: url: () => `https://…/${config.version}`.' },
      time,
    )
})
