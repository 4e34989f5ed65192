// chain.test.ts — chains at run time: edits by name, duplicates, what is no step.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chain, record } from '../../../dsl/index.ts'
import { fetch, make, patch, plan, unpack, version } from '../steps.ts'

const hello = chain('hello', fetch({ url: 'a' }), unpack(), make())
const names = (value: { readonly steps: readonly { readonly name: string }[] }) =>
  value.steps.map(({ name }) => name)
/** As JavaScript would call it. */
const untyped = chain as unknown as (name: string, ...steps: unknown[]) => typeof hello // what is tested is the untyped call

test('steps are inserted, replaced and removed by name', () => {
  assert.deepEqual(names(hello.insertBefore('make', patch())), ['fetch', 'unpack', 'patch', 'make'])
  assert.deepEqual(names(hello.insertAfter('unpack', patch())), ['fetch', 'unpack', 'patch', 'make'])
  assert.deepEqual(names(hello.insertAfter('make', patch().as('x') as never)), [
    'fetch',
    'unpack',
    'make',
    'x',
  ]) // never: does not fit
  assert.deepEqual(names(hello.replace('make', version())), ['fetch', 'unpack', 'version'])
  assert.deepEqual(names(hello.remove('make')), ['fetch', 'unpack'])
})

test('an edit leaves the chain as it was', () => {
  const before = plan({ default: hello })
  hello.insertAfter('unpack', patch()).remove('make')
  assert.deepEqual(plan({ default: hello }), before)
})

test('an edited chain plans as if it had been written so', () => {
  const written = chain('hello', fetch({ url: 'a' }), unpack(), patch(), make())
  assert.deepEqual(plan({ default: hello.insertBefore('make', patch()) }), plan({ default: written }))
})

test('an edit at a name that is not there is refused, with the nearest one', () => {
  assert.throws(() => hello.remove('mak' as 'make'), {
    code: 'TN1307',
    message: "chain 'hello' has no step named 'mak'",
    hint: "Did you mean 'make'?",
  })
})

test('two steps of one name are refused', () => {
  const twice = { code: 'TN1306', message: "chain 'hello' has two steps named 'make'" }
  assert.throws(() => untyped('hello', make(), make()), twice)
  assert.throws(() => hello.step(make() as never), twice) // never: the types refuse it too
  assert.throws(() => hello.insertBefore('unpack', make() as never), twice) // never: as above
})

test('what is no step is refused, and a factory that was not called gets its own hint', () => {
  assert.throws(() => untyped('x', make), {
    code: 'TN1308',
    hint: 'Call what defineStep gave: make(), not make.',
  })
  for (const value of [null, 'make', undefined, {}])
    assert.throws(() => untyped('x', value), { code: 'TN1308' })
})

test('.as names a chain anew and keeps its steps', () => {
  const other = hello.as('other')
  assert.equal(other.name, 'other')
  assert.ok(plan({ default: other }).steps.every(({ chain: owner }) => owner === 'other'))
})

test('a chain with its input given takes nothing from where it stands', () => {
  const part = chain('part', unpack(), make()).given({ file: fetch({ url: 'b' }).output.file })
  const { steps } = plan({ default: chain('x', fetch({ url: 'a' }), part) })
  const input = steps.find(({ name }) => name === 'part/unpack')?.input
  assert.ok(input?.kind === 'record' && input.fields['file']?.kind === 'output')
  assert.equal(steps[input.fields['file'].step]?.chain, 'fetch')
})

test('a given input that the first step refuses is an error', () => {
  const wrong = chain('x', unpack(), make()).given({ file: 1 as never }) // never: the types refuse it too
  assert.throws(() => plan({ default: wrong }), { code: 'TN1310' })
})

test('records run in byte order of their keys, whatever the order in which they were written', () => {
  const made = record('x', {
    'b-x': version(),
    '9-b': patch(),
    '10-a': unpack(),
    '1': fetch({ url: 'a' }),
    B: version(),
  })
  assert.deepEqual(names(made), ['1', '10-a', '9-b', 'B', 'b-x'])
})

test('of several records a later one wins, and null removes', () => {
  const base = { '0': fetch({ url: 'a' }), '1': unpack(), '2': make(), '3': null }
  const made = record('x', base, { '15': patch(), '2': null }, { '2': make({ jobs: 4 }) })
  assert.deepEqual(names(made), ['0', '1', '15', '2'])
  assert.deepEqual(plan({ default: made }).steps.at(-1)?.params, {
    kind: 'literal',
    value: { flags: [], jobs: 4 },
  })
})

test('a key that is no name is refused', () => {
  assert.throws(() => record('x', { 'a/b': fetch({ url: 'a' }) }), { code: 'TN1302' })
  assert.throws(() => record('x', { größe: fetch({ url: 'a' }) }), { code: 'TN1302' })
})

test('an inherited or foreign value in a record is refused', () => {
  assert.throws(() => record('x', { a: make as never }), { code: 'TN1308' }) // never: the types refuse it too
})
