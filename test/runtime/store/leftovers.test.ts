// leftovers.test.ts — files without a record, and records without files, are no objects and in nobody's way.
import assert from 'node:assert/strict'
import { chmodSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Store, StoreObject } from '../../../runtime/store/store.ts'
import { treeDigest } from '../../../runtime/store/tree-digest.ts'
import { type Files, makeTree, temporaryStore } from './temporary.ts'

function admitFiles(store: Store, work: string, files: Files): StoreObject {
  const source = makeTree(join(work, String(readdirSync(work).length)), files)
  return store.admit(source, { name: 'x', candidates: [], consume: false })
}

test('a directory without record is no object: an admission replaces it when it differs', () => {
  const { store, work } = temporaryStore()
  const object = admitFiles(store, work, { a: 'x', 'd/b': 'y' })
  const record = join(store.home, 'objects', `${object.path.slice('/tenon/store/'.length)}.json`)
  const damage: (() => void)[] = [
    () => {},
    () => (
      chmodSync(store.physical(object.path), 0o755),
      chmodSync(join(store.physical(object.path), 'a'), 0o644)
    ),
    () => (
      chmodSync(join(store.physical(object.path), 'd'), 0o755),
      writeFileSync(join(store.physical(object.path), 'd/c'), '')
    ),
  ]
  for (const act of damage) {
    act()
    writeFileSync(record, '{"for') // as after a power cut
    store.release() // what it has just stored it would not read
    assert.equal(store.object(object.path), undefined)
    assert.deepEqual(admitFiles(store, work, { a: 'x', 'd/b': 'y' }), object)
    assert.deepEqual(treeDigest(store.physical(object.path)).digest, object.digest)
    for (const path of ['', 'd'])
      assert.equal(statSync(join(store.physical(object.path), path)).mode & 0o777, 0o555)
    assert.equal(statSync(join(store.physical(object.path), 'a')).mode & 0o777, 0o444)
  }
})

test('a record whose files are gone is no object', () => {
  const { store, work } = temporaryStore()
  const object = admitFiles(store, work, { a: 'x' })
  chmodSync(store.physical(object.path), 0o755)
  renameSync(store.physical(object.path), join(work, 'gone'))
  store.release()
  assert.equal(store.object(object.path), undefined)
  assert.throws(() => store.closure([object.path]), { code: 'TN5020' })
  assert.throws(() => store.materialise(object.path, join(work, 'copy')), { code: 'TN5020' })
  assert.deepEqual(admitFiles(store, work, { a: 'x' }), object)
})
