// store-path.test.ts — names of objects and placeholders.
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { placeholderPath, storeName } from '../../../dsl/plan/placeholder.ts'
import { isStorePath, splitStorePath } from '../../../runtime/store/store-path.ts'
import { temporaryStore } from './temporary.ts'

test('a text that is no store path leads nowhere', () => {
  const { store } = temporaryStore()
  const hash = '0'.repeat(32)
  for (const path of [
    '',
    '/etc',
    '/tenon/store/..',
    `/tenon/store/${hash}-x/../../y`,
    `/tenon/store/${hash}-..`,
    `/tenon/store/${hash}-a/b`,
    `/tenon/store/e${hash.slice(1)}-x`,
  ]) {
    assert.throws(() => store.physical(path), { code: 'TN5021' }, path)
    assert.equal(store.object(path), undefined)
  }
})

test('a path inside of an object is split at the object', () => {
  const object = `/tenon/store/${'0'.repeat(32)}-gcc-13.2+b_1`
  assert.deepEqual(splitStorePath(`${object}/bin/cc`), { object, rest: '/bin/cc' })
  assert.deepEqual(splitStorePath(object), { object, rest: '' })
  assert.equal(splitStorePath('/tenon/store/short-x'), undefined)
  assert.equal(splitStorePath(`x${object}`), undefined)
})

test('any text gives a name that a store path may carry', () => {
  assert.equal(storeName('inner/unpack src'), 'inner-unpack-src')
  assert.equal(storeName('..hidden'), 'hidden')
  assert.equal(storeName('é😀'), '--')
  assert.equal(storeName('...'), 'object')
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) =>
      isStorePath(`/tenon/store/${'0'.repeat(32)}-${storeName(text)}`),
    ),
  )
})

test('a placeholder is a constant of chain and field, as long as the final path', () => {
  const { store, work } = temporaryStore()
  const placeholder = placeholderPath('hello', 'prefix')
  assert.equal(placeholder, '/tenon/store/9wmw5i5pa3bcz5q4224xg0dwpqagq4aq-hello-prefix')
  assert.notEqual(placeholderPath('a-b', 'c').slice(0, 45), placeholderPath('a', 'b-c').slice(0, 45))
  const admit = (name: string, used: string): string =>
    store.admit(join(work, 'long'), { name, placeholder: used, candidates: [], consume: false }).path
  mkdirSync(join(work, 'long'))
  assert.equal(admit('hello-prefix', placeholder).length, placeholder.length)
  const long = placeholderPath('x'.repeat(300), 'y')
  assert.equal(admit(`${'x'.repeat(300)}-y`, long).length, long.length)
  assert.throws(() => admit('hello-lib', placeholder), TypeError)
})
