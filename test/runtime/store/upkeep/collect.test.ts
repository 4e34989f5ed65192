// collect.test.ts — what a collection removes, what it keeps, and when it removes nothing at all.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  readdirSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Digest, digestOf } from '../../../../dsl/plan/digest.ts'
import type { ArtifactKind } from '../../../../dsl/plan/plan.ts'
import { layoutOf, objectRecordFile } from '../../../../runtime/store/layout.ts'
import type { Realisation, Store, StoreObject } from '../../../../runtime/store/store.ts'
import { collect, type Collection } from '../../../../runtime/store/upkeep/collect.ts'
import { verify } from '../../../../runtime/store/upkeep/verify.ts'
import { type Files, makeTree, temporaryStore } from '../temporary.ts'

const HOLDER = fileURLToPath(import.meta.resolve('../programs/hold-object.ts'))
const DAY_MS = 24 * 3600_000

function admitTree(
  store: Store,
  work: string,
  name: string,
  files: Files,
  candidates: readonly string[] = [],
): StoreObject {
  return store.admit(makeTree(join(work, `${name}-source`), files), { name, candidates, consume: true })
}

/** top → middle → base, and other. */
function chainOfObjects(store: Store, work: string) {
  const base = admitTree(store, work, 'base', { a: 'x' })
  const middle = admitTree(store, work, 'middle', { a: base.path }, [base.path])
  const top = admitTree(store, work, 'top', { a: middle.path }, [middle.path])
  const other = admitTree(store, work, 'other', { 'd/b': 'yy' })
  return { base, middle, top, other }
}

function record(store: Store, name: string, object: StoreObject | null, kind: ArtifactKind): Digest {
  const key = digestOf(name)
  const artifacts = object === null ? [] : [{ pointer: '/x', kind, object: object.path }]
  writeFileSync(store.logFile(key), 'log')
  const realisation: Realisation = {
    format: 1,
    key,
    document: {},
    artifacts,
    rung: 'plain',
    durationMs: 1,
    at: '2026-01-01T00:00:00.000Z',
  }
  store.record(realisation, `{"chain":"${name}"}`)
  return key
}

/** As another process would: of the builds of this one nothing is held any more. */
async function collectAfter(
  store: Store,
  options: { dryRun?: boolean; keepSinceMs?: number } = {},
): Promise<Collection> {
  store.release()
  return await collect(layoutOf(store.home), { dryRun: false, keepSinceMs: null, ...options })
}

const objectsIn = (store: Store): readonly string[] => {
  const names = readdirSync(join(store.home, 'store')).sort()
  assert.deepEqual(
    readdirSync(join(store.home, 'objects')).sort(),
    names.map((name) => `${name}.json`),
  )
  return names.map((name) => `/tenon/store/${name}`)
}
const paths = (...objects: readonly StoreObject[]): readonly string[] =>
  objects.map(({ path }) => path).sort()

test('a result link keeps its object and all that it refers to; the rest goes', async () => {
  const { store, work } = temporaryStore()
  const { base, middle, top, other } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [top.path])
  const { removed, removedBytes, keptObjects, roots } = await collectAfter(store)
  assert.deepEqual(objectsIn(store), paths(base, middle, top))
  assert.deepEqual(removed, [{ path: other.path, contentBytes: 2 }])
  assert.deepEqual([removedBytes, keptObjects, roots], [2, 3, [join(work, 'result')]])
  assert.deepEqual(verify(layoutOf(store.home)).problems, [])
})

test('a result link that was deleted, replaced or turned elsewhere keeps nothing', async () => {
  const { store, work } = temporaryStore()
  const { base, middle, top, other } = chainOfObjects(store, work)
  const link = (name: string): string => join(work, name)
  for (const [name, object] of Object.entries({ deleted: top, replaced: middle, turned: base, stays: other }))
    store.addRoot(link(name), [object.path])
  unlinkSync(link('deleted'))
  unlinkSync(link('replaced'))
  writeFileSync(link('replaced'), 'mine')
  unlinkSync(link('turned'))
  symlinkSync('/etc', link('turned'))
  const { lostRoots } = await collectAfter(store)
  assert.deepEqual([...lostRoots].sort(), ['deleted', 'replaced', 'turned'].map(link))
  assert.deepEqual(objectsIn(store), paths(other))
  assert.equal(readdirSync(join(store.home, 'roots')).length, 1)
})

test('a dry run says the same and removes nothing', async () => {
  const { store, work } = temporaryStore()
  const { top } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [top.path])
  const before = objectsIn(store)
  const foreseen = await collectAfter(store, { dryRun: true })
  assert.deepEqual(objectsIn(store), before)
  assert.deepEqual(await collectAfter(store), foreseen)
})

test('a root that cannot be read stops the collection before anything is removed', async () => {
  const { store, work } = temporaryStore()
  const { top } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [top.path])
  const before = objectsIn(store)
  symlinkSync('loop', join(work, 'loop'))
  symlinkSync(join(work, 'loop', 'result'), join(store.home, 'roots', 'looping'))
  await assert.rejects(collectAfter(store), { code: 'TN5040', message: /roots|loop.*ELOOP/ })
  unlinkSync(join(store.home, 'roots', 'looping'))
  writeFileSync(join(store.home, 'roots', 'damaged'), '')
  await assert.rejects(collectAfter(store), { code: 'TN5040', message: /damaged cannot be read: EINVAL/ })
  assert.deepEqual(objectsIn(store), before)
  assert.deepEqual(readdirSync(join(store.home, 'locks')), [])
})

test(
  'a result link in a folder that may not be read stops the collection',
  { skip: process.geteuid?.() === 0 ? 'root may read everything; ordinary-user.test.ts runs this' : false },
  async () => {
    const { store, work } = temporaryStore()
    const { top } = chainOfObjects(store, work)
    const link = join(work, 'private', 'result')
    store.addRoot(link, [top.path])
    const before = objectsIn(store)
    chmodSync(dirname(link), 0)
    await assert.rejects(collectAfter(store), {
      code: 'TN5040',
      message: /private\/result cannot be read: EACCES/,
    })
    assert.deepEqual(objectsIn(store), before)
  },
)

test('an object in use without a readable record stops the collection: what it refers to is not known', async () => {
  const { store, work } = temporaryStore()
  const { top, middle } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [top.path])
  writeFileSync(objectRecordFile(layoutOf(store.home), middle.path), '{"for')
  await assert.rejects(collectAfter(store), { code: 'TN5041', message: new RegExp(middle.path) })
  assert.equal(readdirSync(join(store.home, 'store')).length, 4)
})

test('what a running process uses stays, with what it refers to; once it has ended or was killed it goes', async () => {
  const { store, work } = temporaryStore()
  const { base, middle } = chainOfObjects(store, work)
  for (const end of ['SIGTERM', 'SIGKILL'] as const) {
    const child = spawn(process.execPath, [HOLDER, store.home, middle.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout ?? assert.fail(), 'data')
    await collectAfter(store)
    assert.deepEqual(objectsIn(store), paths(base, middle))
    child.kill(end)
    await once(child, 'close')
  }
  await collectAfter(store)
  assert.deepEqual(objectsIn(store), [])
})

test('what this process was given stays until it lets go', async () => {
  const { store, work } = temporaryStore()
  const { base, middle } = chainOfObjects(store, work)
  store.release()
  assert.deepEqual(store.object(middle.path), middle)
  await collect(layoutOf(store.home), { dryRun: false, keepSinceMs: null })
  assert.deepEqual(objectsIn(store), paths(base, middle))
  await collectAfter(store)
  assert.deepEqual(objectsIn(store), [])
})

test('what was used since a day stays when that is asked for', async () => {
  const { store, work } = temporaryStore()
  const { base, middle, top, other } = chainOfObjects(store, work)
  const longAgo = Date.now() / 1000 - 10 * 24 * 3600
  for (const { path } of [base, middle, top, other])
    utimesSync(objectRecordFile(layoutOf(store.home), path), longAgo, longAgo)
  store.release()
  assert.ok(store.object(middle.path)) // used now
  await collectAfter(store, { keepSinceMs: Date.now() - 5 * DAY_MS })
  assert.deepEqual(objectsIn(store), paths(base, middle))
})

test('leftovers of killed admissions go', async () => {
  const { store, work } = temporaryStore()
  const { other } = chainOfObjects(store, work)
  unlinkSync(objectRecordFile(layoutOf(store.home), other.path))
  await collectAfter(store)
  assert.deepEqual(objectsIn(store), [])
})

test('what results were is remembered for a while after their files went', async () => {
  const { store, work } = temporaryStore()
  const { top, middle, base } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [middle.path])
  const keys = {
    kept: record(store, 'kept', middle, 'tree'),
    recalled: record(store, 'recalled', top, 'tree'),
    document: record(store, 'document', null, 'tree'),
  }
  const old = record(store, 'old', top, 'tree')
  const damaged = record(store, 'damaged', top, 'tree')
  writeFileSync(join(store.home, 'results', `${damaged}.jsonl`), '{')
  const file = join(store.home, 'results', `${old}.jsonl`)
  store.release()
  utimesSync(file, 0, 0)
  const { removedResults, removedLogs } = await collectAfter(store)
  assert.deepEqual([removedResults, removedLogs], [2, 2])
  assert.deepEqual(objectsIn(store), paths(base, middle))
  assert.ok(store.realisation(keys.kept))
  assert.ok(store.realisation(keys.document))
  assert.equal(store.recollection(old), undefined)
  assert.deepEqual(store.recollection(keys.recalled)?.passing, [top])
  for (const [name, key] of Object.entries(keys)) {
    assert.ok(existsSync(store.logFile(key)), name)
    assert.equal(store.action(key), `{"chain":"${name}"}`)
  }
  for (const key of [old, damaged]) {
    assert.ok(!existsSync(store.logFile(key)))
    assert.equal(store.action(key), undefined)
  }
  assert.deepEqual(verify(layoutOf(store.home)).problems, [])
})

test('a store that was moved keeps what links to its old place name', async () => {
  const { store, work } = temporaryStore()
  const { base } = chainOfObjects(store, work)
  store.addRoot(join(work, 'result'), [base.path])
  store.release()
  const moved = `${store.home}-moved`
  renameSync(store.home, moved)
  const { keptObjects } = await collect(layoutOf(moved), { dryRun: false, keepSinceMs: null })
  assert.equal(keptObjects, 1)
})
