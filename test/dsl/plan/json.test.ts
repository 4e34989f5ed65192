// json.test.ts — one value, one text; what JSON would change silently is refused with its place.
import assert from 'node:assert/strict'
import test from 'node:test'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { byCodeUnit, canonicalJson, NotJsonError, pointerToken } from '../../../dsl/plan/json.ts'

test('the canonical text of a value is pinned', () => {
  const value = { z: [1, 'é\n"', null, true], a: { '10': 0.1, '9': 1e21, '': {} }, gone: undefined }
  assert.equal(canonicalJson(value), '{"a":{"":{},"10":0.1,"9":1e+21},"z":[1,"é\\n\\"",null,true]}')
})

test('members are sorted by UTF-16 code unit, so a character beyond U+FFFF comes before U+FF5E', () => {
  assert.equal(canonicalJson({ '～': 1, '😀': 2, Z: 3, a: 4 }), '{"Z":3,"a":4,"😀":2,"～":1}')
  assert.deepEqual(['b', 'a', 'B', 'a'].sort(byCodeUnit), ['B', 'a', 'a', 'b'])
})

test('an absent member and one that is undefined give the same text', () => {
  assert.equal(canonicalJson({ a: undefined, b: { c: undefined } }), canonicalJson({ b: {} }))
})

test('the order in which members were made does not show', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (record) => {
      fc.pre(!JSON.stringify(record).includes('-0') && !hasNegativeZero(record))
      const turned = Object.fromEntries(Object.entries(record).reverse())
      assert.equal(canonicalJson(turned), canonicalJson(record))
    }),
  )
})

test('reading the canonical text gives the value back', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      fc.pre(!hasNegativeZero(value))
      const text = canonicalJson(value)
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)))
      assert.equal(canonicalJson(JSON.parse(text)), text)
    }),
  )
})

test('what JSON cannot carry is refused with its pointer', () => {
  const loop: Record<string, unknown> = {}
  loop['self'] = { back: loop }
  const refused: readonly [unknown, string, string][] = [
    [{ a: [1, NaN] }, '/a/1', 'NaN'],
    [{ a: Infinity }, '/a', 'Infinity'],
    [-0, '', '-0'],
    [[undefined], '/0', 'undefined'],
    [Object.assign([], { length: 1 }), '/0', 'undefined'],
    [undefined, '', 'undefined'],
    [{ 'a/b~c': 1n }, '/a~1b~0c', 'a bigint'],
    [() => 1, '', 'a function'],
    [{ toJSON: () => 1 }, '/toJSON', 'a function'],
    [Symbol('s'), '', 'a symbol'],
    [{ [Symbol('s')]: 1 }, '', 'an object with symbol keys'],
    [new Map(), '', 'a Map instance'],
    [new Date(0), '', 'a Date instance'],
    [Object('boxed'), '', 'a String instance'],
    ['\ud800', '', 'a string with a lone surrogate'],
    [{ ['\ud800']: 1 }, '', 'an object with a key that has a lone surrogate'],
    [loop, '/self/back', 'a cycle'],
  ]
  for (const [value, pointer, found] of refused)
    assert.throws(
      () => canonicalJson(value),
      (error) => error instanceof NotJsonError && error.pointer === pointer && error.found === found,
      `${found} at ${pointer}`,
    )
})

test('the same object may stand in two places', () => {
  const shared = { a: 1 }
  assert.equal(canonicalJson([shared, shared]), '[{"a":1},{"a":1}]')
})

test('objects without prototype and of another realm are plain', () => {
  assert.equal(canonicalJson(Object.assign(Object.create(null), { a: 1 })), '{"a":1}')
  assert.equal(canonicalJson(runInNewContext('({ a: [1, { b: 2 }] })')), '{"a":[1,{"b":2}]}')
})

test('a member named __proto__ is data', () => {
  assert.equal(canonicalJson(JSON.parse('{"__proto__":{"a":1}}')), '{"__proto__":{"a":1}}')
})

test('nesting that would exhaust the stack is refused, not a crash', () => {
  let deep: unknown = 1
  for (let i = 0; i < 100_000; i++) deep = [deep]
  assert.throws(
    () => canonicalJson(deep),
    (error) => error instanceof NotJsonError && error.found.startsWith('nested'),
  )
})

test('pointer tokens are escaped', () => {
  assert.equal(pointerToken('a/b~c'), '/a~1b~0c')
  assert.equal(pointerToken(3), '/3')
})

function hasNegativeZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasNegativeZero)
  return Object.is(value, -0)
}
