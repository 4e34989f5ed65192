// admit-outputs.test.ts — outputs of one step that name each other.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { placeholderPath } from '../../../dsl/plan/placeholder.ts'
import type { StorePath } from '../../../runtime/store/store-path.ts'
import type { StoreObject } from '../../../runtime/store/store.ts'
import { treeDigest } from '../../../runtime/store/tree-digest.ts'
import { makeTree, temporaryStore } from './temporary.ts'

test('outputs of a step may name each other; each knows the final path of the other', () => {
  const { store, work } = temporaryStore()
  const [bin, lib, doc] = ['bin', 'lib', 'doc'].map((name) => placeholderPath('multi', name)) as [
    StorePath,
    StorePath,
    StorePath,
  ] // three names
  makeTree(work, {
    'bin/run': `${lib}/x ${bin}`,
    'bin/manual': { link: `${doc}/index` },
    'lib/x': `doc: ${doc}`,
    'doc/index': 'text',
  })
  const outputs = [bin, lib, doc].map((placeholder, index) => {
    const name = ['bin', 'lib', 'doc'][index] ?? ''
    return { source: join(work, name), name: `multi-${name}`, placeholder, consume: true }
  })
  const objects = store.admitOutputs(outputs, [])
  const [binObject, libObject, docObject] = objects as [StoreObject, StoreObject, StoreObject] // as many as outputs
  assert.deepEqual(
    objects.map(({ path }) => path.slice(46)),
    ['multi-bin', 'multi-lib', 'multi-doc'],
  )
  assert.deepEqual(binObject.references, [docObject.path, libObject.path].sort())
  assert.deepEqual(libObject.references, [docObject.path])
  assert.deepEqual(docObject.references, [])
  assert.equal(
    readFileSync(join(store.physical(binObject.path), 'run'), 'utf8'),
    `${libObject.path}/x ${binObject.path}`,
  )
  assert.equal(readlinkSync(join(store.physical(binObject.path), 'manual')), `${docObject.path}/index`)
  assert.equal(treeDigest(store.physical(binObject.path)).digest, binObject.digest)
})

test('outputs that name each other in a circle are refused', () => {
  const { store, work } = temporaryStore()
  const [a, b] = ['a', 'b'].map((name) => placeholderPath('circle', name)) as [StorePath, StorePath] // two names
  makeTree(work, { 'a/x': b, 'b/x': a })
  const outputs = [
    { source: join(work, 'a'), name: 'circle-a', placeholder: a, consume: true },
    { source: join(work, 'b'), name: 'circle-b', placeholder: b, consume: true },
  ]
  assert.throws(() => store.admitOutputs(outputs, []), {
    code: 'TN5014',
    message: /circle: circle-a, circle-b/,
  })
  assert.ok(existsSync(join(work, 'a/x')))
})
