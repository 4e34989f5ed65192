// listing.test.ts — options as data: complete, in order, and without any step.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  chain,
  defineModule,
  definePackage,
  dep,
  file,
  mkDefault,
  option,
  submodules,
  tree,
  workTree,
} from '../../../dsl/index.ts'
import { planModule } from '../../../dsl/realm.ts'
import { memberAt } from '../../../runtime/load/planning/property.ts'
import type { OptionListing, Planned, PropertyPath } from '../../../dsl/plan/plan.ts'
import { context, fetch, make, unpack } from '../steps.ts'

function listing(value: unknown): OptionListing {
  const world = { ...context, projectRoot: '/p', locate: lineOf, only: 'options' } as const
  const { options = {}, plan } = JSON.parse(planModule({ default: value }, world)) as Planned // planModule's own text
  assert.deepEqual([plan.steps, plan.packages], [[], {}])
  assert.ok(options['default'])
  return options['default']
}
function lineOf(stack: string, property: PropertyPath = []) {
  const found = /listing\.test\.ts:(\d+):(\d+)/.exec(stack)
  const call = { file: import.meta.filename, line: Number(found?.[1]), column: Number(found?.[2]) }
  return found === null ? null : memberAt(call, property)
}

const inner = definePackage('inner', { steps: () => assert.fail('the steps of a dependency were asked for') })
const whole = definePackage('whole', {
  options: {
    version: option(z.string(), { description: 'Released version', default: '1', example: '2.0' }),
    url: option(z.string(), { description: 'Where from' }),
    missing: option(z.number(), { description: 'Never set' }),
    hidden: option(z.string(), { description: 'Hidden', default: '', internal: true }),
    group: { mode: option(z.enum(['a', 'b']).default('a'), { description: 'Which', readOnly: true }) },
    source: option(file(), { description: 'Archive', default: inner }),
    parts: submodules(
      defineModule({
        options: {
          size: option(z.int(), { description: 'How large', default: 1 }),
          label: option(z.string(), { description: 'What it says' }),
        },
        config: ({ name }) => ({
          label: mkDefault(() => `part ${name}`),
        }),
      }),
      { description: 'Parts' },
    ),
  },
  deps: { inner: dep(z.object({ prefix: tree() }), { description: 'Inner', default: inner as never }) }, // never: it has no steps to give a prefix
  config: ({ config, deps }) => ({
    url: mkDefault(() => `https://x/${config.version}?${deps.inner.output.prefix}`),
    parts: { one: { size: 2 } },
  }),
  steps: () => assert.fail('the steps were asked for'),
})

test('each option is listed with type, default, value and where it is set; no steps are made', () => {
  const { package: name, options } = listing(whole)
  assert.equal(name, 'whole')
  const rows = options.map(({ path, kind, type, default: byDefault, value }) => [
    path,
    kind,
    type,
    byDefault,
    value.kind === 'known' ? value.json : value.kind,
  ])
  assert.deepEqual(rows, [
    ['deps.inner', 'dep', 'package with { prefix: tree }', '<inner>', '<inner>'],
    ['group.mode', 'value', '"a" | "b"', 'a', 'a'],
    ['hidden', 'value', 'string', '', ''],
    ['missing', 'value', 'number', null, 'failed'],
    ['parts', 'submodules', 'submodules by name', {}, { one: { label: 'part one', size: 2 } }],
    ['parts.<name>.label', 'value', 'string', null, 'none'],
    ['parts.<name>.size', 'value', 'integer', 1, 'none'],
    ['source', 'value', 'file', '<inner>', '<inner.output>'],
    ['url', 'value', 'string', null, 'https://x/1?<inner.output.prefix>'],
    ['version', 'value', 'string', '1', '1'],
  ])
  const label = options.find(({ path }) => path === 'parts.<name>.label')
  assert.deepEqual(
    label?.definitions.map(({ position }) => Number(position?.line) - Number(label.declaredAt?.line)),
    [3],
  )
  const url = options.find(({ path }) => path === 'url')
  assert.equal(url?.hasDefault, false)
  assert.deepEqual(
    url?.definitions.map(({ priority, counts }) => [priority, counts]),
    [[1000, true]],
  )
  assert.ok(
    typeof url?.definitions[0]?.position?.line === 'number' && typeof url.declaredAt?.line === 'number',
  )
  assert.ok(url.definitions[0].position.line > url.declaredAt.line)
})

test('a definition that does not count is listed as such', () => {
  const { options } = listing(whole.extend({ config: { url: 'mine' } }))
  const url = options.find(({ path }) => path === 'url')
  assert.deepEqual(
    url?.definitions.map(({ priority, counts }) => [priority, counts]),
    [
      [1000, false],
      [100, true],
    ],
  )
})

test('the type of an option is said in words', () => {
  const typed = (schema: z.ZodType<string | object | number>) =>
    listing(
      definePackage('x', {
        options: { x: option(schema, { description: 'x', default: undefined as never }) },
      }),
    ).options[0]?.type // never: no default
  assert.equal(
    typed(z.array(z.object({ a: z.string(), b: z.number().optional() }))),
    'list of { a: string, b: number }',
  )
  assert.equal(typed(z.record(z.string(), z.array(z.string()))), 'record of list of string')
  assert.equal(typed(z.union([z.literal('a'), z.number()])), '"a" | number')
  assert.equal(typed(z.string().transform((text) => text.length)), 'value')
  assert.equal(typed(workTree()), 'work tree')
})

test('chains have no options and are listed as other exports', () => {
  const world = { ...context, projectRoot: '/p', locate: () => null, only: 'options' } as const
  const exports = { a: chain('a', fetch({ url: 'a' }), unpack(), make()), b: whole }
  const planned = JSON.parse(planModule(exports, world)) as Planned // planModule's own text
  assert.deepEqual([Object.keys(planned.options ?? {}), planned.otherExports], [['b'], ['a']])
})
