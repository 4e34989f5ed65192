// branches.test.ts — how documents flow through carrying steps, when() and parallel().
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { chain, defineStep, parallel, when } from '../../../dsl/index.ts'
import type { Expr } from '../../../dsl/plan/plan.ts'
import { fetch, make, patch, plan, planOf, unpack, version } from '../steps.ts'

const source = [fetch({ url: 'a' }), unpack()] as const
const documents = (value: unknown): readonly Expr[] =>
  planOf(value).main.steps.map(({ document }) => document)

test("a mapping step's output is the next document", () => {
  assert.deepEqual(
    documents(chain('x', ...source)),
    [0, 1].map((step) => ({ kind: 'output', step, path: [] })),
  )
})

test('a carrying step lays its output over the document', () => {
  assert.deepEqual(documents(chain('x', ...source, version())).at(-1), {
    kind: 'overlay',
    below: { kind: 'output', step: 1, path: [] },
    above: { kind: 'output', step: 2, path: [] },
  })
})

test('a layer that later ones cover is left out, so nothing depends on it', () => {
  assert.deepEqual(documents(chain('x', ...source, version(), patch(), patch().as('p2'))).at(-1), {
    kind: 'overlay',
    below: {
      kind: 'overlay',
      below: { kind: 'output', step: 1, path: [] },
      above: { kind: 'output', step: 2, path: [] },
    },
    above: { kind: 'output', step: 4, path: [] },
  })
  assert.deepEqual(documents(chain('x', ...source, patch())).at(-1), { kind: 'output', step: 2, path: [] })
})

test('an optional field covers nothing, and a reference to it is refused when two steps may give it', () => {
  const maybe = defineStep({
    name: 'maybe',
    mode: 'carry',
    output: z.object({ version: z.string().optional() }),
    script: 'true',
  })
  const value = chain('v', ...source, version(), maybe())
  assert.equal(documents(value).at(-1)?.kind, 'overlay')
  assert.throws(() => planOf(chain('x', ...source, make({ flags: [`${value.output.version}`] }))), {
    code: 'TN1311',
  })
})

test('when() plans its step only if the condition holds', () => {
  const build = (condition: boolean) => chain('x', ...source, when(condition, patch({ strip: 0 })), make())
  assert.deepEqual(plan({ default: build(false) }), plan({ default: chain('x', ...source, make()) }))
  assert.deepEqual(
    plan({ default: build(true) }),
    plan({ default: chain('x', ...source, patch({ strip: 0 }), make()) }),
  )
})

test('when() takes booleans and carrying steps only', () => {
  assert.throws(() => when('yes' as never, patch()), { code: 'TN1309' }) // never: the types refuse it too
  assert.throws(() => when(true, make() as never), { code: 'TN1309' }) // never: as above
})

test('when() may be renamed and edited like any step', () => {
  const { main } = planOf(chain('x', ...source, when(true, patch()).as('p'), make()))
  assert.deepEqual(
    main.steps.map(({ name }) => name),
    ['fetch', 'unpack', 'p', 'make'],
  )
})

test('branches get one document, and the next document has each under its key', () => {
  const fan = parallel('fan', { b: make(), a: chain('inner', patch(), make({ jobs: 2 })) })
  const { main, steps } = planOf(chain('x', ...source, fan))
  assert.deepEqual(
    main.steps.map(({ name }) => name),
    ['fetch', 'unpack', 'fan/a/patch', 'fan/a/make', 'fan/b'],
  )
  assert.deepEqual(main.output, {
    kind: 'record',
    fields: { a: { kind: 'output', step: 3, path: [] }, b: { kind: 'output', step: 4, path: [] } },
  })
  assert.deepEqual([steps[2]?.input, steps[4]?.input], Array(2).fill({ kind: 'output', step: 1, path: [] }))
})

test('the order in which branches are written does not matter', () => {
  const one = chain('x', ...source, parallel('fan', { a: make(), b: patch() }))
  const other = chain('x', ...source, parallel('fan', { b: patch(), a: make() }))
  assert.deepEqual(plan({ default: one }), plan({ default: other }))
})

test('a reference reaches into a branch', () => {
  const fan = chain('fan', ...source, parallel('all', { prog: make() }))
  const { steps } = planOf(chain('x', ...source, make({ zlib: fan.output.prog.prefix })))
  assert.match(JSON.stringify(steps.at(-1)?.params), /"path":\["prefix"\]/)
})

test('parallel() without branches, or with a key that is no name, is refused', () => {
  assert.throws(() => parallel('fan', {}), { code: 'TN1321' })
  assert.throws(() => parallel('fan', { 'a/b': make() }), { code: 'TN1302' })
  assert.throws(() => parallel('fan', { a: make as never }), { code: 'TN1308' }) // never: the types refuse it too
})
