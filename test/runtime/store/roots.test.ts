// roots.test.ts — links to results.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import type { Store, StoreObject } from '../../../runtime/store/store.ts'
import { makeTree, temporaryStore } from './temporary.ts'

function admitTree(store: Store, work: string, name: string): StoreObject {
  return store.admit(makeTree(join(work, name), { a: name }), { name, candidates: [], consume: true })
}

test('links to results lead to the objects and are noted as roots', () => {
  const { store, work } = temporaryStore()
  const [one, two] = [admitTree(store, work, 'one'), admitTree(store, work, 'two')]
  const link = join(work, 'deep/result')
  store.addRoot(link, [one.path, two.path])
  assert.equal(readlinkSync(link), store.physical(one.path))
  assert.equal(readlinkSync(`${link}-2`), store.physical(two.path))
  const roots = (): string[] =>
    readdirSync(join(store.home, 'roots')).map((name) => readlinkSync(join(store.home, 'roots', name)))
  assert.deepEqual(roots().sort(), [link, `${link}-2`])
  store.addRoot(link, [two.path])
  assert.equal(readlinkSync(link), store.physical(two.path))
  assert.ok(!existsSync(`${link}-2`))
})

test('a file or a foreign link in the place of a result is never replaced', () => {
  const { store, work } = temporaryStore()
  const object = admitTree(store, work, 'one')
  writeFileSync(join(work, 'result'), 'mine')
  symlinkSync('/etc', join(work, 'etc-2'))
  for (const [link, named] of [
    ['result', 'result'],
    ['etc', 'etc-2'],
  ] as const)
    assert.throws(() => store.addRoot(join(work, link), [object.path, object.path]), {
      code: 'TN5030',
      message: `${join(work, named)} exists and is not a link that Tenon made`,
    })
  assert.equal(readFileSync(join(work, 'result'), 'utf8'), 'mine')
  assert.ok(!existsSync(join(work, 'etc')))
  assert.deepEqual(readdirSync(join(store.home, 'roots')), [])
})
