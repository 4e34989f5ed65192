// ref.test.ts — references: edges of the plan come from values, and from nothing that merely looks like one.
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { test } from 'node:test'
import { chain, type Tree } from '../../../dsl/index.ts'
import { fetch, make, patch, plan, planOf, stepOf, unpack, version } from '../steps.ts'

const source = chain('source', fetch({ url: 'a' }), unpack())
const zlib = chain('zlib', source, make())
const flagsOf = (...flags: string[]) => {
  const { params } = stepOf(chain('x', source, make({ flags, jobs: 7 })), 'make')
  return params.kind === 'record' ? params.fields['flags'] : params
}

test('a reference anywhere in params is an edge to the step that gives the value', () => {
  const { plan: made } = planOf(chain('x', source, make({ zlib: zlib.output.prefix, jobs: 7 })))
  const index = made.steps.findIndex(
    ({ chain: name, body }) => name === 'zlib' && body.kind === 'script' && body.text === 'make',
  )
  const user = made.steps.at(-1)
  assert.deepEqual(user?.params.kind === 'record' && user.params.fields['zlib'], {
    kind: 'output',
    step: index,
    path: ['prefix'],
  })
})

test('a reference inside of text becomes text with an edge in it', () => {
  const flags = flagsOf(`--with=${zlib.output.prefix}/lib:${zlib.output.prefix}`, 'plain')
  assert.ok(flags?.kind === 'list')
  const [first, second] = flags.items
  assert.deepEqual(second, { kind: 'literal', value: 'plain' })
  assert.ok(first?.kind === 'text')
  assert.deepEqual(
    first.parts.map((part) => (part.kind === 'literal' ? part.value : part.kind)),
    ['--with=', 'output', '/lib:', 'output'],
  )
})

test('a reference survives trimming, joining and JSON text', () => {
  const text = JSON.stringify([` ${zlib.output.prefix} `.trim(), 'x'].join(':'))
  const flags = flagsOf(text)
  assert.ok(flags?.kind === 'list' && flags.items[0]?.kind === 'text')
})

test('a text that looks like a reference or a store path is no edge', () => {
  const token = String(zlib.output.prefix)
  const lookAlikes = [
    '/tenon/store/00000000000000000000000000000000-zlib-prefix',
    '${zlib.output.prefix}',
    'tenon-ref:0',
    token.slice(1, -1),
  ]
  const flags = flagsOf(...lookAlikes, token.replace(/\d+/g, '999999'))
  assert.ok(flags?.kind === 'literal')
  assert.equal(
    plan({ default: chain('x', source, make({ flags: lookAlikes })) }).steps.some(
      ({ chain: name }) => name === 'zlib',
    ),
    false,
  )
})

test('a reference to a field that is not there is refused, with the nearest one', () => {
  const output = zlib.output as unknown as Record<string, Tree> // the untyped use
  assert.throws(() => planOf(chain('x', source, make({ zlib: output['prefixx']! }))), {
    code: 'TN1311',
    message: 'there is no zlib.output.prefixx',
    hint: "Did you mean 'prefix'?",
  }) // ! a proxy has every member
})

test('a reference through a carrying step leads to the step that gives the field', () => {
  const carried = chain('carried', fetch({ url: 'a' }), unpack(), version(), patch())
  const { plan: made } = planOf(chain('x', source, make({ flags: [`${carried.output.version}`] })))
  const giver = made.steps.findIndex(({ name, chain: owner }) => owner === 'carried' && name === 'version')
  assert.match(
    JSON.stringify(made.steps.at(-1)?.params),
    new RegExp(`"kind":"output","path":\\["version"\\],"step":${giver}`),
  )
})

test('a step by itself is a package of one step', () => {
  const { steps } = planOf(chain('x', source, make({ flags: [`${fetch({ url: 'b' }).output.file}`] })))
  assert.ok(steps.some(({ chain: owner, name }) => owner === 'fetch' && name === 'fetch'))
})

test('a reference can be printed, but neither spread, listed nor computed with', () => {
  const { prefix } = zlib.output
  assert.doesNotThrow(() => inspect(prefix))
  assert.throws(() => ({ ...prefix }), { code: 'TN1312' })
  assert.throws(() => Object.keys(prefix), { code: 'TN1312' })
  assert.throws(() => Number(prefix), { code: 'TN1312' })
})
