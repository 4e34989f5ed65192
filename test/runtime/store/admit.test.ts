// admit.test.ts — objects are named by content, sealed, and never half there.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { placeholderPath } from '../../../dsl/plan/placeholder.ts'
import { removeTree } from '../../../runtime/store/files/remove-tree.ts'
import { hashPart } from '../../../runtime/store/store-path.ts'
import { Store, type StoreObject } from '../../../runtime/store/store.ts'
import { readNode, treeDigest } from '../../../runtime/store/tree-digest.ts'
import { type Files, makeTree, temporaryStore } from './temporary.ts'

const SELF = placeholderPath('hello', 'prefix')
const PLAIN = { candidates: [], consume: false }

function admitFiles(
  store: Store,
  work: string,
  name: string,
  files: Files,
  more: Partial<Parameters<Store['admit']>[1]> = {},
): StoreObject {
  return store.admit(makeTree(join(work, `${name}-${readdirSync(work).length}`), files), {
    ...PLAIN,
    name,
    ...more,
  })
}

/** Nothing of a refused admission may stay. */
function assertUntouched(store: Store): void {
  for (const folder of ['store', 'objects'])
    assert.deepEqual(readdirSync(join(store.home, folder)), [], folder)
  store.release()
  for (const owner of readdirSync(join(store.home, 'tmp')))
    assert.deepEqual(readdirSync(join(store.home, 'tmp', owner)), [])
}

test('the path of a tree and of a file is pinned', () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { 'bin/run': 'x', empty: null, link: { link: 'bin/run' } }, [
    'bin/run',
  ])
  assert.deepEqual(store.admit(tree, { ...PLAIN, name: 'a tree' }), {
    path: '/tenon/store/cz8chfidp015zr7f316307s59lcvzxnw-a-tree',
    kind: 'tree',
    digest: treeDigest(tree).digest,
    sizeBytes: treeDigest(tree).sizeBytes,
    contentBytes: 1,
    executable: false,
    references: [],
    selfReferences: false,
    placeholderHash: null,
  })
  const file = store.admit(join(tree, 'bin/run'), { ...PLAIN, name: 'run' })
  assert.equal(file.path, '/tenon/store/00ldklg546pkq0s251ss6b1j013kfdva-run')
  assert.deepEqual([file.kind, file.executable, file.sizeBytes, file.contentBytes], ['file', true, 1, 1])
})

const TREE: Files = { 'bin/run': 'x', 'doc/text': 'y', link: { link: 'nowhere' } }

/** Sources are stored by a rename in the first, by a copy in the second. */
const PLACES: readonly (readonly [string, string])[] = [
  ['the store’s file system', tmpdir()],
  ['another file system', '/dev/shm'],
]
for (const [where, parent] of PLACES) {
  const isThere =
    existsSync(parent) && (parent === tmpdir() || statSync(parent).dev !== statSync(tmpdir()).dev)
  const skip = isThere ? false : `${parent} is no other file system here`
  test(
    `objects are read-only, keep the executable bit, and have one time, when they come from ${where}`,
    { skip },
    (t) => {
      const { store } = temporaryStore()
      const work = mkdtempSync(join(parent, 'tenon-store-'))
      t.after(() => removeTree(work))
      const tree = makeTree(join(work, 'tree'), TREE, ['bin/run'])
      chmodSync(join(tree, 'doc/text'), 0o660)
      const object = store.admit(tree, { ...PLAIN, name: 'x', consume: true })
      assertSealed(store.physical(object.path))
      assert.equal(treeDigest(store.physical(object.path)).digest, object.digest)

      writeFileSync(join(work, 'file'), `to ${SELF}`, { mode: 0o700 })
      const options = { ...PLAIN, name: 'hello-prefix', placeholder: SELF, consume: true }
      const file = store.admit(join(work, 'file'), options)
      const { mode, mtimeMs } = lstatSync(store.physical(file.path))
      assert.deepEqual([mode & 0o7777, mtimeMs], [0o555, 315_532_800_000])
      assert.equal(readFileSync(store.physical(file.path), 'utf8'), `to ${file.path}`)
      store.release()
      assert.deepEqual(
        readdirSync(join(store.home, 'tmp')).flatMap((name) => readdirSync(join(store.home, 'tmp', name))),
        [],
      )
    },
  )
}

function assertSealed(physical: string): void {
  const modes: Record<string, number> = {
    '': 0o555,
    bin: 0o555,
    'bin/run': 0o555,
    'doc/text': 0o444,
    link: 0o777,
  }
  for (const [path, mode] of Object.entries(modes)) {
    const stat = lstatSync(join(physical, path))
    assert.equal(stat.mode & 0o7777, mode, path)
    assert.equal(stat.mtimeMs, 315_532_800_000, path)
  }
}

test('a source that is not consumed stays as it was', () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { a: `to ${SELF}` })
  const before = lstatSync(join(tree, 'a'))
  const object = store.admit(tree, { ...PLAIN, name: 'hello-prefix', placeholder: SELF })
  const after = lstatSync(join(tree, 'a'))
  assert.deepEqual([after.mode, after.mtimeMs, after.ino], [before.mode, before.mtimeMs, before.ino])
  assert.equal(readFileSync(join(tree, 'a'), 'utf8'), `to ${SELF}`)
  assert.equal(readFileSync(join(store.physical(object.path), 'a'), 'utf8'), `to ${object.path}`)
})

test('a file that another link leads to cannot be changed through that link afterwards', () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { a: 'x' })
  linkSync(join(tree, 'a'), join(work, 'outside'))
  linkSync(join(tree, 'a'), join(tree, 'b'))
  const object = store.admit(tree, { ...PLAIN, name: 'x', consume: true })
  writeFileSync(join(work, 'outside'), 'changed')
  assert.equal(treeDigest(store.physical(object.path)).digest, object.digest)
  assert.equal(lstatSync(join(work, 'outside')).mode & 0o200, 0o200)
})

test('two stores at different places give one path and one digest, self references included', () => {
  const files = { 'bin/a': `#!${SELF}/bin/sh`, lib: { link: `${SELF}/lib64` }, plain: 'x' }
  const make = (consume: boolean): [StoreObject, Store] => {
    const { store, work } = temporaryStore()
    return [admitFiles(store, work, 'hello-prefix', files, { placeholder: SELF, consume }), store]
  }
  const [one, oneStore] = make(true)
  const [other, otherStore] = make(false)
  assert.deepEqual(one, other)
  assert.equal(one.selfReferences, true)
  assert.deepEqual(readNode(oneStore.physical(one.path)), readNode(otherStore.physical(other.path)))
})

test('self references are rewritten in files, across chunk edges, in links and in names', () => {
  const { store, work } = temporaryStore()
  const hash = hashPart(SELF)
  const big = Buffer.alloc((2 << 20) + 100, 0x61)
  for (const offset of [0, (1 << 20) - 16, (2 << 20) - 31, (2 << 20) + 68]) big.write(hash, offset, 'latin1')
  const object = admitFiles(
    store,
    work,
    'hello-prefix',
    {
      big,
      'a-b': 'sorted around',
      [`a${hash}c`]: 'named',
      [`d-${hash}/in`]: `${SELF}${SELF}`,
      link: { link: `${SELF}/big` },
    },
    { placeholder: SELF },
  )
  const physical = store.physical(object.path)
  const own = hashPart(object.path)
  assert.equal(readFileSync(join(physical, 'big'), 'latin1'), big.toString('latin1').replaceAll(hash, own))
  assert.equal(readFileSync(join(physical, `d-${own}/in`), 'utf8'), object.path + object.path)
  assert.equal(readlinkSync(join(physical, 'link')), `${object.path}/big`)
  assert.equal(readFileSync(join(physical, `a${own}c`), 'utf8'), 'named')
  assert.deepEqual(treeDigest(physical), { digest: object.digest, sizeBytes: object.sizeBytes })
  assert.deepEqual(object.references, [])
})

test('a record is enough to compute the path of a self-referencing object again', () => {
  const { store, work } = temporaryStore()
  const object = admitFiles(store, work, 'hello-prefix', { a: `at ${SELF}`, b: 'x' }, { placeholder: SELF })
  const again = join(work, 'again')
  store.materialise(object.path, again)
  const placeholder = `/tenon/store/${object.placeholderHash}-hello-prefix`
  writeFileSync(join(again, 'a'), readFileSync(join(again, 'a'), 'utf8').replaceAll(object.path, placeholder))
  assert.deepEqual(
    temporaryStore().store.admit(again, { ...PLAIN, name: 'hello-prefix', placeholder }),
    object,
  )
})

test('references are the candidates that content, link targets and names mention', () => {
  const { store, work } = temporaryStore()
  const names = ['content', 'target', 'named', 'prefixless', 'unused']
  const paths = names.map((name) => admitFiles(store, work, name, { a: name }).path)
  const [content = '', target = '', named = '', prefixless = ''] = paths
  const object = admitFiles(
    store,
    work,
    'user',
    {
      a: `\0/elsewhere${content}/bin`,
      l: { link: `${target}/x` },
      [`d/${hashPart(named)}`]: '',
      b: hashPart(prefixless),
    },
    { candidates: paths },
  )
  assert.deepEqual(object.references, [content, named, prefixless, target].sort())
  assert.deepEqual(
    store.closure([object.path]).map(({ path }) => path),
    [object.path, ...object.references].sort(),
  )
})

test('a reference to what is not in the store is refused', () => {
  const { store, work } = temporaryStore()
  const elsewhere = temporaryStore()
  const foreign = admitFiles(elsewhere.store, elsewhere.work, 'foreign', { a: 'x' }).path
  assert.throws(() => admitFiles(store, work, 'user', { a: foreign }, { candidates: [foreign] }), {
    code: 'TN5020',
  })
  assertUntouched(store)
})

test('the same content is one object, and the second admission leaves nothing behind', () => {
  const { store, work } = temporaryStore()
  const one = admitFiles(store, work, 'x', { a: 'x' }, { consume: true })
  const inode = statSync(store.physical(one.path)).ino
  assert.deepEqual(admitFiles(store, work, 'x', { a: 'x' }, { consume: true }), one)
  assert.equal(statSync(store.physical(one.path)).ino, inode)
  assert.equal(readdirSync(join(store.home, 'store')).length, 1)
  assert.notEqual(admitFiles(store, work, 'y', { a: 'x' }).path, one.path)
})

test('special files, setuid and setgid files are refused by name and nothing is stored', () => {
  for (const consume of [true, false]) {
    for (const [mode, bit] of [
      [0o4755, 'setuid'],
      [0o2755, 'setgid'],
    ] as const) {
      const { store, work } = temporaryStore()
      const tree = makeTree(join(work, 'tree'), { 'bin/su': 'x' })
      chmodSync(join(tree, 'bin/su'), mode)
      assert.throws(() => store.admit(tree, { ...PLAIN, name: 'x', consume }), {
        code: 'TN5011',
        message: `${tree}/bin/su has the ${bit} bit`,
      })
      assertUntouched(store)
      assert.equal(readFileSync(join(tree, 'bin/su'), 'utf8'), 'x') // still there to be looked at
    }
    const { store, work } = temporaryStore()
    mkdirSync(join(work, 'tree'))
    spawnSync('mkfifo', [join(work, 'tree/pipe')])
    assert.throws(() => store.admit(join(work, 'tree'), { ...PLAIN, name: 'x', consume }), {
      code: 'TN5010',
      message: /pipe is a named pipe/,
    })
    assertUntouched(store)
  }
})

test('mode bits that a directory gets from the one it is made in do not matter', () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { 'd/a': 'x' })
  const plain = store.admit(tree, { ...PLAIN, name: 'x' })
  chmodSync(join(tree, 'd'), 0o2775)
  assert.deepEqual(store.admit(tree, { ...PLAIN, name: 'x', consume: true }), plain)
})

test('files and directories that their owner made unreadable are stored when consumed', () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { 'd/a': 'x', 'e/b': 'y' })
  chmodSync(join(tree, 'd/a'), 0)
  chmodSync(join(tree, 'd'), 0o100)
  chmodSync(tree, 0o500)
  const object = store.admit(tree, { ...PLAIN, name: 'x', consume: true })
  assert.equal(readFileSync(join(store.physical(object.path), 'd/a'), 'utf8'), 'x')
})

test('a source that is missing or a link is refused', () => {
  const { store, work } = temporaryStore()
  symlinkSync('/', join(work, 'link'))
  assert.throws(() => store.admit(join(work, 'none'), { ...PLAIN, name: 'x' }), {
    code: 'TN5012',
    message: /none is not there/,
  })
  assert.throws(() => store.admit(join(work, 'link'), { ...PLAIN, name: 'x' }), {
    code: 'TN5012',
    message: /is a symbolic link/,
  })
  assertUntouched(store)
})
