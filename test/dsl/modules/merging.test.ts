// merging.test.ts — several definitions of one option: priorities, order, conditions, conflicts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { z } from 'zod'
import {
  defineModule,
  evalModules,
  mkAfter,
  mkBefore,
  mkDefault,
  mkForce,
  mkIf,
  mkOrder,
  option,
  type AnyModule,
} from '../../../dsl/index.ts'

const base = defineModule({
  options: {
    name: option(z.string(), { description: 'A text', default: 'by default' }),
    flags: option(z.array(z.string()), { description: 'A list', default: ['default'] }),
    env: option(z.record(z.string(), z.union([z.string(), z.array(z.string())])), {
      description: 'A record',
      default: {},
    }),
    most: option(z.number(), {
      description: 'The greatest',
      default: 0,
      merge: (values) => Math.max(...values),
    }),
    on: option(z.boolean(), { description: 'A switch', default: false }),
  },
})
const name = (value: Parameters<typeof mkForce<string>>[0]) =>
  defineModule({ imports: [base], config: { name: value } })
const read = (...modules: readonly AnyModule[]) => evalModules([base, ...modules] as const).config

test('option default < mkDefault < plain < mkForce', () => {
  const [weak, plain, strong] = [name(mkDefault('weak')), name('plain'), name(mkForce('strong'))]
  assert.equal(read().name, 'by default')
  assert.equal(read(weak).name, 'weak')
  assert.equal(read(plain, weak).name, 'plain')
  assert.equal(read(weak, strong, plain).name, 'strong')
})

test('two values of one priority are refused, and both places are named', () => {
  const one = name('one')
  const two = name('two')
  for (const modules of [
    [one, two],
    [two, one],
  ])
    assert.throws(
      () => read(...modules).name,
      (error: { code: string; message: string; related: readonly { fact: string; stack: string }[] }) => {
        assert.equal(error.code, 'TN1502')
        assert.equal(error.message, "the option 'name' is set to different values")
        assert.deepEqual(
          error.related.map(({ fact }) => fact),
          ['set to "one"', 'set to "two"'],
        )
        const lines = error.related.map(
          ({ stack }) => /merging\.test\.ts:(\d+)/.exec(stack.replace(/^.*at name .*$/m, ''))?.[1],
        )
        assert.equal(new Set(lines).size, 2)
        return true
      },
    )
  assert.throws(() => read(name(mkForce('one')), name(mkForce('two'))).name, { code: 'TN1502' })
  assert.throws(() => read(name(mkDefault('one')), name(mkDefault('two'))).name, { code: 'TN1502' })
})

test('equal values are no conflict', () => {
  assert.equal(
    read(
      name('same'),
      name(() => 'same'),
    ).name,
    'same',
  )
})

test('lists concatenate, ordered by mkBefore, mkOrder and mkAfter', () => {
  const flags = (value: Parameters<typeof mkBefore<readonly string[]>>[0]) =>
    defineModule({ imports: [base], config: { flags: value } })
  const modules = [flags(mkAfter(['z'])), flags(['m']), flags(mkBefore(['a'])), flags(mkOrder(1499, ['y']))]
  assert.deepEqual(read(...modules).flags, ['a', 'm', 'y', 'z'])
})

test("a list's parts from imports stand before those of who imports them", () => {
  const z1 = defineModule({ imports: [base], config: { flags: ['z of the import'] } })
  const a1 = defineModule({ imports: [z1], config: { flags: ['a of the importer'] } })
  assert.deepEqual(read(a1, z1).flags, ['z of the import', 'a of the importer'])
})

test('records merge by key; one key with two values is a conflict that names the key', () => {
  const env = (value: Record<string, string | string[]>) =>
    defineModule({ imports: [base], config: { env: value } })
  assert.deepEqual(read(env({ A: '1', L: ['x'] }), env({ B: '2', L: ['y'] })).env, {
    A: '1',
    B: '2',
    L: ['x', 'y'],
  })
  assert.throws(() => read(env({ A: '1' }), env({ A: '2' })).env, {
    code: 'TN1502',
    message: "the option 'env.A' is set to different values",
  })
})

test('an option may have a merge of its own', () => {
  const most = (value: number) => defineModule({ imports: [base], config: { most: value } })
  assert.equal(read(most(3), most(7), most(5)).most, 7)
})

test('mkIf counts while its condition holds, around one value or a whole config', () => {
  const part = defineModule({
    imports: [base],
    config: ({ config }) => ({ flags: mkIf(() => config.on, ['one']) }),
  })
  const whole = defineModule({
    imports: [base],
    config: ({ config }) => mkIf(() => config.on, { name: 'on', env: { X: 'on' } }),
  })
  const never = defineModule({ imports: [base], config: mkIf(false, { name: mkForce('never') }) })
  const conditional = defineModule({ imports: [part, whole, never] })
  const on = defineModule({ imports: [base], config: { on: true } })
  assert.deepEqual([read(conditional).name, read(conditional).flags], ['by default', ['default']])
  const { name: text, flags, env } = read(conditional, on)
  assert.deepEqual([text, flags, env], ['on', ['one'], { X: 'on' }])
})

test('weights may stand in each other', () => {
  assert.equal(read(name('plain'), name(mkForce(mkIf(true, 'forced')))).name, 'forced')
  assert.equal(read(name('plain'), name(mkIf(true, mkForce('forced')))).name, 'forced')
  assert.equal(read(name('plain'), name(mkIf(false, mkForce('forced')))).name, 'plain')
})

test('a condition of less weight than what counts is never asked', () => {
  const asked = name(mkDefault(mkIf((): boolean => assert.fail('asked'), 'weak')))
  assert.equal(read(asked, name('plain')).name, 'plain')
})

test('the order of modules never matters', () => {
  const module = fc.record(
    {
      flags: fc.oneof(
        fc.array(fc.string(), { maxLength: 3 }),
        fc.array(fc.string(), { maxLength: 3 }).map((list) => mkBefore(list)),
        fc.array(fc.string(), { maxLength: 3 }).map((list) => mkForce(list)),
        fc.array(fc.string(), { maxLength: 3 }).map((list) => mkAfter(mkIf(list.length > 1, list))),
      ),
      env: fc.dictionary(
        fc.constantFrom('A', 'B', 'C'),
        fc.constantFrom('1', '2', '3').map((text) => [text]),
      ),
      most: fc.integer(),
      name: fc.constantFrom('x', 'y'),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.array(module, { maxLength: 5 }), fc.infiniteStream(fc.nat()), (configs, random) => {
      const modules = configs.map((config) => defineModule({ imports: [base], config: config as {} })) // {}: made above, of every shape
      const shuffled = modules
        .map((each) => ({ each, at: random.next().value }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ each }) => each)
      assert.deepEqual(outcome(shuffled), outcome(modules))
    }),
    { numRuns: 200 },
  )
})

function outcome(modules: readonly AnyModule[]): unknown {
  const config = read(...modules)
  return (['flags', 'env', 'most', 'name'] as const).map((key) => {
    try {
      return config[key]
    } catch (error) {
      return (error as Error).message
    }
  })
}

test('an option of free form takes members that nobody declared, merges them by name, and checks what it can', () => {
  const settings = defineModule({
    options: {
      server: option(z.looseObject({ port: z.number() }), { description: 'Its settings' }),
      limits: option(z.object({ files: z.number() }).catchall(z.number()), { description: 'Numbers' }),
    },
  })
  const one = defineModule({
    imports: [settings],
    config: { server: { port: 80, root: '/srv' }, limits: { files: 1 } },
  })
  const two = defineModule({
    imports: [settings],
    config: { server: { port: 80, log: ['a'] }, limits: { files: 1, users: 2 } },
  })
  const { config } = evalModules([settings, one, two])
  assert.deepEqual(config.server, { port: 80, root: '/srv', log: ['a'] })
  assert.deepEqual(config.limits, { files: 1, users: 2 })
  const wrong = defineModule({
    imports: [settings],
    config: { limits: { files: 1, users: JSON.parse('"many"') } },
  })
  assert.throws(() => evalModules([settings, wrong]).config.limits, { code: 'TN1503', message: /limits/ })
})
