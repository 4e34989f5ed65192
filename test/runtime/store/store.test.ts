// store.test.ts — what a store hands out: copies, closures, realisations, scratch, links to results.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { removeTree } from '../../../runtime/store/files/remove-tree.ts'
import { type Realisation, Store, type StoreObject } from '../../../runtime/store/store.ts'
import { treeDigest } from '../../../runtime/store/tree-digest.ts'
import { type Files, makeTree, temporaryDirectory, temporaryStore } from './temporary.ts'

const KEY = digestOf('an action')

function admitTree(
  store: Store,
  work: string,
  name: string,
  files: Files,
  candidates: readonly string[] = [],
): StoreObject {
  const source = makeTree(join(work, `${name}-${readdirSync(work).length}`), files)
  return store.admit(source, { name, candidates, consume: true })
}

function realisation(object: StoreObject): Realisation {
  return {
    format: 1,
    key: KEY,
    document: { prefix: object.path, nested: [{ n: 1 }] },
    artifacts: [{ pointer: '/prefix', kind: 'tree', object: object.path }],
    rung: 'plain',
    durationMs: 12,
    at: '2026-01-01T00:00:00.000Z',
  }
}

test('a tree of any shape comes back with the same digest', () => {
  const { store, work } = temporaryStore()
  const name = fc.stringMatching(/^[a-z]{1,2}$/)
  const content = fc.oneof(
    fc.string(),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc.constant(null),
    name.map((link) => ({ link })),
  )
  const files = fc.dictionary(
    fc.tuple(name, name, name).map((names) => `${names[0]}/${names[1].toUpperCase()}/${names[2]}`),
    content,
    { maxKeys: 12, minKeys: 1 },
  )
  let count = 0
  fc.assert(
    fc.property(files, fc.boolean(), (shape, consume) => {
      const source = makeTree(join(work, `source-${++count}`), shape)
      for (const [path, value] of Object.entries(shape))
        if (typeof value === 'string' && value.length % 2 === 1) chmodSync(join(source, path), 0o755)
      const before = treeDigest(source)
      const object = store.admit(source, { name: 'any', candidates: [], consume })
      const copy = join(work, `copy-${count}`)
      store.materialise(object.path, copy)
      assert.deepEqual({ digest: object.digest, sizeBytes: object.sizeBytes }, before)
      assert.deepEqual(treeDigest(store.physical(object.path)), before)
      assert.deepEqual(treeDigest(copy), before)
    }),
    { numRuns: 60 },
  )
})

test('a copy is writable, has the store time, and does not reach back into the object', () => {
  const { store, work } = temporaryStore()
  const source = makeTree(
    join(work, 'source'),
    { 'bin/run': 'x', 'd/a': 'y', empty: null, link: { link: 'nowhere' } },
    ['bin/run'],
  )
  const object = store.admit(source, { name: 'x', candidates: [], consume: true })
  const copy = join(work, 'copy')
  store.materialise(object.path, copy)
  const modes: Record<string, number> = { '': 0o755, empty: 0o755, 'bin/run': 0o755, 'd/a': 0o644 }
  for (const [path, mode] of Object.entries(modes)) {
    const stat = lstatSync(join(copy, path))
    assert.deepEqual([stat.mode & 0o7777, stat.mtimeMs], [mode, 315_532_800_000], path)
  }
  assert.equal(readlinkSync(join(copy, 'link')), 'nowhere')
  appendFileSync(join(copy, 'd/a'), 'more')
  writeFileSync(join(copy, 'd/new'), '')
  assert.equal(treeDigest(store.physical(object.path)).digest, object.digest)
})

test('a file object is copied as a file', () => {
  const { store, work } = temporaryStore()
  writeFileSync(join(work, 'file'), 'x', { mode: 0o700 })
  const object = store.admit(join(work, 'file'), { name: 'file', candidates: [], consume: true })
  store.materialise(object.path, join(work, 'copy'))
  assert.equal(readFileSync(join(work, 'copy'), 'utf8'), 'x')
  assert.equal(statSync(join(work, 'copy')).mode & 0o7777, 0o755)
})

test('a copy never goes over something that is there', () => {
  const { store, work } = temporaryStore()
  const object = admitTree(store, work, 'x', { a: 'x' })
  makeTree(join(work, 'there'), { a: 'mine' })
  assert.throws(() => store.materialise(object.path, join(work, 'there')), {
    code: 'TN5001',
    message: /EEXIST/,
  })
  assert.equal(readFileSync(join(work, 'there/a'), 'utf8'), 'mine')
})

test('a closure has each object once, in order, to any depth', () => {
  const { store, work } = temporaryStore()
  const base = admitTree(store, work, 'base', { a: 'x' })
  const left = admitTree(store, work, 'left', { a: base.path }, [base.path])
  const right = admitTree(store, work, 'right', { a: `${base.path} ` }, [base.path])
  const top = admitTree(store, work, 'top', { l: left.path, r: right.path }, [
    left.path,
    right.path,
    base.path,
  ])
  admitTree(store, work, 'unrelated', { a: 'y' })
  assert.deepEqual(top.references, [left.path, right.path].sort())
  assert.deepEqual(
    store.closure([top.path, left.path]).map(({ path }) => path),
    [base.path, left.path, right.path, top.path].sort(),
  )
  assert.deepEqual(store.closure([]), [])
})

test('another process sees objects and realisations', () => {
  const { store, work } = temporaryStore()
  const object = admitTree(store, work, 'x', { a: 'x' })
  store.record(realisation(object), '{"made":"of"}')
  const other = Store.open(store.home)
  assert.deepEqual(other.object(object.path), object)
  assert.deepEqual(other.realisation(KEY), realisation(object))
  assert.equal(other.action(KEY), '{"made":"of"}')
})

test('a realisation counts only while every object that it names is there', () => {
  const { store, work } = temporaryStore()
  assert.equal(store.realisation(KEY), undefined)
  assert.equal(store.action(KEY), undefined)
  const object = admitTree(store, work, 'x', { a: 'x' })
  store.record(realisation(object))
  removeTree(store.physical(object.path))
  store.release()
  assert.equal(store.realisation(KEY), undefined)
  assert.deepEqual(admitTree(store, work, 'x', { a: 'x' }), object)
  assert.deepEqual(store.realisation(KEY), realisation(object))
})

test('an object that was just stored is not read again', () => {
  const { store, work } = temporaryStore()
  const object = admitTree(store, work, 'x', { a: 'x' })
  assert.deepEqual(store.object(object.path), object)
  assert.equal(
    reads(() => void store.closure([object.path])),
    0,
  )
})

test('a result and its object are found with a small read each, whatever the action, and the object once only', () => {
  const { store, work } = temporaryStore()
  const object = admitTree(store, work, 'x', { a: 'x' })
  store.record(realisation(object), JSON.stringify({ script: 'x'.repeat(100) }))
  const other = Store.open(store.home)
  const once = reads(() => void other.recollection(KEY))
  assert.ok(once > 0)
  assert.equal(
    reads(() => void other.object(object.path)),
    once,
  )
  assert.equal(
    reads(() => assert.deepEqual(other.closure([object.path]), [other.object(object.path)])),
    0,
  )
  assert.equal(
    reads(() => void other.recollection(digestOf('never run'))),
    0,
  )
})

/** How many times this process calls the kernel to read from a file meanwhile. */
function reads(act: () => void): number {
  const calls = (): number => Number(/^syscr: (\d+)$/m.exec(readFileSync('/proc/self/io', 'latin1'))?.[1])
  const before = calls()
  const counting = calls() - before // reading the count is counted, too
  act()
  return calls() - before - 2 * counting
}

test('a damaged realisation, one under a wrong key and one of another format do not count', () => {
  const { store, work } = temporaryStore()
  const good = realisation(admitTree(store, work, 'x', { a: 'x' }))
  store.record(good)
  const file = join(store.home, 'results', `${KEY}.jsonl`)
  const text = readFileSync(file, 'utf8')
  for (const bad of [
    '',
    text.slice(0, -5),
    text.replace(KEY, digestOf('other')),
    text.replace('"format":1', '"format":2'),
  ]) {
    writeFileSync(file, bad)
    assert.equal(store.realisation(KEY), undefined)
  }
  writeFileSync(file, text)
  assert.deepEqual(store.realisation(KEY), good)
})

test('scratch directories are apart, and gone after removal whatever is in them', () => {
  const { store } = temporaryStore()
  const [one, other] = [store.scratch('hello/make'), store.scratch('hello/make')]
  assert.notEqual(one.directory, other.directory)
  makeTree(one.directory, { 'd/a': 'x', link: { link: '/' } })
  chmodSync(join(one.directory, 'd'), 0)
  one.remove()
  one.remove()
  assert.ok(!existsSync(one.directory))
  assert.ok(existsSync(other.directory))
})

test('opening a store removes the scratch of processes that are gone, and no other', () => {
  const { store } = temporaryStore()
  const mine = store.scratch('mine')
  const script = `import { Store } from ${JSON.stringify(import.meta.resolve('../../../runtime/store/store.ts'))}
    console.log(Store.open(process.argv[1]).scratch('dead').directory)
    process.kill(process.pid, 'SIGKILL')`
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, store.home], {
    encoding: 'utf8',
  })
  assert.equal(child.signal, 'SIGKILL', child.stderr)
  assert.ok(existsSync(child.stdout.trim()))
  Store.open(store.home)
  assert.ok(!existsSync(child.stdout.trim()))
  assert.ok(existsSync(mine.directory))
})

test('a process that ends leaves no empty directory behind', () => {
  const { store } = temporaryStore()
  const script = `import { Store } from ${JSON.stringify(import.meta.resolve('../../../runtime/store/store.ts'))}
    Store.open(process.argv[1]).scratch('x').remove()`
  assert.equal(spawnSync(process.execPath, ['--input-type=module', '-e', script, store.home]).status, 0)
  assert.deepEqual(readdirSync(join(store.home, 'tmp')), [])
})

test('a home that cannot be made is told with its path', () => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'file'), '')
  assert.throws(() => Store.open(join(directory, 'file/home')), {
    code: 'TN5001',
    message: new RegExp(`could not open the store at ${directory}/file/home: ENOTDIR`),
  })
})
