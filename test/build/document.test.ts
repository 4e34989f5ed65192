// document.test.ts — what flows from step to step: documents, defaults, carried fields, interpreters.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Project } from '../project.ts'

const VALUE = { text: `'"\\$(id)\n\tünïcode 🪵`, none: null, deep: { list: [1, [true, { x: '' }]] } }

/** Packages of one build file, so that it is checked once. */
const build = (unused: string): string => `import { z } from 'zod'
import { chain, defineStep, parallel, when } from 'tenon'

const first = defineStep({
  name: 'first',
  input: z.object({ start: z.number() }),
  output: z.object({ n: z.number(), note: z.string().default('filled in') }),
  async run({ input }) { return { n: input.start + 1 } },
})
const second = defineStep({
  name: 'second',
  input: z.object({ n: z.number(), note: z.string() }),
  output: z.object({ seen: z.string() }),
  async run({ input }) { return { seen: JSON.stringify(input) } },
})
export const flow = chain('flow', first(), second()).given({ start: 41 })

const payload = z.object({ text: z.string(), none: z.null(), deep: z.object({ list: z.array(z.unknown()) }) })
const toNode = defineStep({ name: 'in-node', input: payload, output: payload, async run({ input }) { return input } })
const toShell = defineStep({
  name: 'in-sh', input: payload, output: z.object({ text: z.string(), deep: z.unknown(), none: z.null() }),
  script: 'output text "$in_text"; output_json deep "{\\\\"list\\\\":$in_deep_list}"; output_json none null',
})
export const values = chain('values', toNode(), toShell()).given(${JSON.stringify(VALUE)})

const wide = defineStep({ name: 'wide', output: z.object({ a: z.string(), b: z.string(), c: z.number() }), async run() { return { a: 'A', b: 'B', c: 1 } } })
const touch = defineStep({ name: 'touch', mode: 'carry', input: z.object({ c: z.number() }), output: z.object({ c: z.number() }),
  async run({ input }) { return { c: input.c + Object.keys(input).length } } })
export const carry = chain('carry', wide(), touch())

const wider = defineStep({ name: 'wider', params: z.object({ unused: z.string() }), output: z.object({ used: z.string(), unused: z.string() }),
  async run({ params }) { return { used: 'same', unused: params.unused } } })
const narrow = defineStep({ name: 'narrow', input: z.object({ used: z.string() }), output: z.object({ used: z.string() }), async run({ input }) { return input } })
export const narrowing = chain('narrowing', wider({ unused: '${unused}' }), narrow())

const start = defineStep({ name: 'start', output: z.object({ n: z.number() }), async run() { return { n: 2 } } })
const times = defineStep({ name: 'times', params: z.object({ by: z.number() }), input: z.object({ n: z.number() }), output: z.object({ n: z.number() }),
  async run({ input, params }) { return { n: input.n * params.by } } })
const sum = defineStep({ name: 'sum', input: z.object({ a: z.object({ n: z.number() }), b: z.object({ n: z.number() }), extra: z.string().optional() }),
  output: z.object({ sum: z.number(), extra: z.string() }), async run({ input }) { return { sum: input.a.n + input.b.n, extra: input.extra ?? 'absent' } } })
const extra = defineStep({ name: 'extra', mode: 'carry', output: z.object({ extra: z.string() }), async run() { return { extra: 'present' } } })
const of = (on: boolean) => chain('fan', start(), parallel('both', { a: times({ by: 10 }), b: chain('twice', times({ by: 3 }), times({ by: 3 }).as('again')) }), when(on, extra()), sum())
export const without = of(false)
export const withExtra = of(true)

const one = defineStep({ name: 'one', output: z.object({ at: z.string() }), async run() { return { at: 'one' } } })
const two = defineStep({ name: 'two', output: z.object({ at: z.string() }), async run() { return { at: 'two' } } })
export const jump = chain('jump', one(), two())
`
const project = new Project({ 'build.ts': build('one') })

test('the first step gets the declared chain input, the next ones exactly the validated output before them, defaults filled in', async () => {
  const { document, ran, processes } = await project.build('#flow')
  assert.deepEqual(document, { seen: '{"n":42,"note":"filled in"}' })
  assert.deepEqual(ran, ['first', 'second'])
  assert.equal(processes, 2)
})

test('null, nesting, unicode, quotes and newlines come through node and sh bodies unchanged', async () => {
  const { document, failures } = await project.build('#values')
  assert.deepEqual(failures, [])
  assert.deepEqual(document, VALUE)
})

test('a carrying step keeps the fields that it does not touch; a wide producer feeds a narrow consumer', async () => {
  assert.deepEqual((await project.build('#carry')).document, { a: 'A', b: 'B', c: 2 })
})

test('branches of parallel get the same document and are joined under their names; when leaves a step out', async () => {
  assert.deepEqual((await project.build('#without')).document, { sum: 38, extra: 'absent' })
  assert.deepEqual((await project.build('#withExtra')).document, { sum: 38, extra: 'present' })
})

test('a target may be any step of the chain, and no later step runs', async () => {
  const first = await project.build('#jump@one')
  assert.deepEqual(first.document, { at: 'one' })
  assert.deepEqual(first.ran, ['one'])
  assert.deepEqual((await project.build('#jump')).ran, ['two'])
})

test('a change in a field that a step does not declare does not run it again', async () => {
  await project.build('#narrowing')
  project.write({ 'build.ts': build('two') })
  const again = await project.build('#narrowing')
  assert.deepEqual(again.ran, ['wider'])
  assert.deepEqual(again.found, ['narrow'])
})
