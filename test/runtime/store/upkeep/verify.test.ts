// verify.test.ts — damage of every kind is found and named; repair removes it, so that it is made again.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { digestOf } from '../../../../dsl/plan/digest.ts'
import { placeholderPath } from '../../../../dsl/plan/placeholder.ts'
import { removeTree } from '../../../../runtime/store/files/remove-tree.ts'
import { layoutOf, objectRecordFile } from '../../../../runtime/store/layout.ts'
import type { Store, StoreObject } from '../../../../runtime/store/store.ts'
import { repair } from '../../../../runtime/store/upkeep/repair.ts'
import { verify } from '../../../../runtime/store/upkeep/verify.ts'
import { makeTree, temporaryStore } from '../temporary.ts'

const KEY = digestOf('an action')

/** user → library, and one with a reference to itself; a result names user. */
function filled(store: Store, work: string) {
  const make = (): { library: StoreObject; user: StoreObject; own: StoreObject } => {
    const admit = (
      name: string,
      files: Parameters<typeof makeTree>[1],
      candidates: readonly string[] = [],
    ): StoreObject =>
      store.admit(makeTree(join(work, name), files, ['bin/run']), {
        name,
        candidates,
        consume: true,
        placeholder: placeholderPath('verify', name.replace(/^verify-/, '')),
      })
    const library = admit('verify-library', { 'bin/run': 'abc', link: { link: 'bin' } })
    const user = admit('verify-user', { 'bin/run': `${library.path}/bin/run` }, [library.path])
    const own = admit('verify-own', { 'bin/run': placeholderPath('verify', 'own') })
    return { library, user, own }
  }
  const objects = make()
  const artifacts = [{ pointer: '/x', kind: 'tree' as const, object: objects.user.path }]
  store.record({
    format: 1,
    key: KEY,
    document: {},
    artifacts,
    rung: 'plain',
    durationMs: 1,
    at: '2026-01-01T00:00:00.000Z',
  })
  store.release()
  return { ...objects, make, layout: layoutOf(store.home) }
}

/** Changes a stored file, as a user with an editor and the right to write would. */
function alter(file: string, change: (file: string) => void): void {
  chmodSync(join(file, '..'), 0o755)
  chmodSync(file, 0o755)
  change(file)
}

test('a store that is as it was is well', () => {
  const { store, work } = temporaryStore()
  const { layout } = filled(store, work)
  const { objects, results, problems, leftovers } = verify(layout)
  assert.deepEqual(
    { objects, results, problems, leftovers },
    { objects: 3, results: 1, problems: [], leftovers: [] },
  )
})

const DAMAGE: Readonly<Record<string, { damage: (files: string, record: string) => void; reason: RegExp }>> =
  {
    'altered content': {
      damage: (files) => alter(join(files, 'bin/run'), (file) => appendFileSync(file, 'x')),
      reason: /^its content is not what was stored \(4 bytes, stored were 3\)$/,
    },
    'a lost executable bit': {
      damage: (files) => alter(join(files, 'bin/run'), (file) => chmodSync(file, 0o644)),
      reason: /^its content is not what was stored/,
    },
    'a link that leads elsewhere': {
      damage: (files) => {
        chmodSync(files, 0o755)
        unlinkSync(join(files, 'link'))
        symlinkSync('/etc', join(files, 'link'))
      },
      reason: /^its content is not what was stored/,
    },
    'a new file': {
      damage: (files) => {
        chmodSync(files, 0o755)
        writeFileSync(join(files, 'new'), '')
      },
      reason: /^its content is not what was stored/,
    },
    'missing files': { damage: (files) => removeTree(files), reason: /^its files are missing$/ },
    'a damaged record': {
      damage: (_files, record) => writeFileSync(record, readFileSync(record, 'utf8').slice(0, -9)),
      reason: /^its record .* cannot be read$/,
    },
  }

for (const [name, { damage, reason }] of Object.entries(DAMAGE))
  test(`${name} is found and named; after a repair it can be made again`, async () => {
    const { store, work } = temporaryStore()
    const { library, user, own, make, layout } = filled(store, work)
    const files = store.physical(library.path)
    damage(files, objectRecordFile(layout, library.path))
    const { problems } = verify(layout)
    const problem = problems.find((each) => each.kind === 'object' && each.path === library.path)
    assert.ok(problem?.kind === 'object')
    assert.equal(problem.files, files)
    assert.match(problem.reason, reason)
    const { removed, removedResults } = await repair(layout, problems)
    assert.deepEqual([...removed].sort(), [library.path, user.path].sort())
    assert.equal(removedResults, 1)
    assert.equal(store.realisation(KEY), undefined)
    store.release()
    assert.deepEqual(verify(layout).problems, [])
    assert.deepEqual(make(), { library, user, own })
    assert.deepEqual(verify(layout).problems, [])
  })

test('a bit that flipped on the disk is found though no time changed', () => {
  const { store, work } = temporaryStore()
  const { own, layout } = filled(store, work)
  const file = join(store.physical(own.path), 'bin/run')
  alter(file, () => {
    const bytes = readFileSync(file)
    bytes[5] = (bytes[5] ?? 0) ^ 1
    writeFileSync(file, bytes)
    utimesSync(file, 315_532_800, 315_532_800)
  })
  const { problems } = verify(layout)
  assert.deepEqual(
    problems.map((problem) => problem.kind === 'object' && [problem.path, problem.touched]),
    [[own.path, []]],
  )
})

test('a file that was written to is named', () => {
  const { store, work } = temporaryStore()
  const { own, layout } = filled(store, work)
  const file = join(store.physical(own.path), 'bin/run')
  alter(file, () => writeFileSync(file, 'else'))
  const [problem] = verify(layout).problems
  assert.ok(problem?.kind === 'object')
  assert.ok(problem.touched.includes(file))
})

test('a result that is damaged, or names what is not there, is found and removed', async () => {
  const { store, work } = temporaryStore()
  const { user, layout } = filled(store, work)
  const file = join(store.home, 'results', `${KEY}.jsonl`)
  const text = readFileSync(file, 'utf8')
  const gone = user.path.replace(/.$/, 'q')
  for (const [damaged, reason] of [
    [text.slice(1), 'it cannot be read'],
    [text.replaceAll(user.path, gone), `it names ${gone}, which is not in the store`],
  ] as const) {
    writeFileSync(file, damaged)
    const { problems } = verify(layout)
    assert.deepEqual(problems, [{ kind: 'result', file, reason }])
    assert.deepEqual(await repair(layout, problems), { removed: [], removedResults: 1, inUse: [] })
    assert.deepEqual(verify(layout).problems, [])
  }
})

test('what a running build uses is not removed by a repair', async () => {
  const { store, work } = temporaryStore()
  const { library, user, layout } = filled(store, work)
  alter(join(store.physical(library.path), 'bin/run'), (file) => writeFileSync(file, 'else'))
  assert.ok(store.object(user.path)) // as a build does
  const { problems } = verify(layout)
  const { removed, inUse } = await repair(layout, problems)
  assert.deepEqual([removed, inUse], [[], [user.path]])
  store.release()
  assert.equal((await repair(layout, problems)).removed.length, 2)
})
