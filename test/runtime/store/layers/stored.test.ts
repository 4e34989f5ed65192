// stored.test.ts — work trees that the store keeps in layers are the objects that plain admission makes, and cost what changes.
import assert from 'node:assert/strict'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { removeTree } from '../../../../runtime/store/files/remove-tree.ts'
import { layerFile, storedTree } from '../../../../runtime/store/layers/keep.ts'
import {
  filesIn,
  type LayeredTree,
  layersOf,
  squashed,
  treeOver,
  wholeTree,
} from '../../../../runtime/store/layers/layered-tree.ts'
import { plainLayer } from '../../../../runtime/store/layers/layer.ts'
import { noWork } from '../../../../runtime/store/layers/merge-digest.ts'
import { normalise } from '../../../../runtime/store/layers/normalise.ts'
import { layerFolder, layoutOf } from '../../../../runtime/store/layout.ts'
import { Store } from '../../../../runtime/store/store.ts'
import { collect } from '../../../../runtime/store/upkeep/collect.ts'
import { repair } from '../../../../runtime/store/upkeep/repair.ts'
import { verify } from '../../../../runtime/store/upkeep/verify.ts'
import { type Files, makeTree, temporaryStore } from '../temporary.ts'

/** A store with trees that were made without a sandbox: layers that only add and change. */
function fixture() {
  const { store, work } = temporaryStore()
  let count = 0
  const place = (): string => join(work, String(++count))
  return {
    store,
    place,
    layout: layoutOf(store.home),
    whole: (files: Files, candidates: readonly string[] = []): LayeredTree =>
      wholeTree(makeTree(place(), files), place(), { name: 'a-src', candidates, consume: true }),
    over: (below: LayeredTree, files: Files, candidates: readonly string[] = [], done = noWork()) => {
      const folder = place()
      mkdirSync(folder)
      makeTree(filesIn(folder), files)
      normalise(filesIn(folder), 'upper')
      return treeOver(below, folder, plainLayer(filesIn(folder)), { name: 'a-src', candidates }, done)
    },
  }
}

test('a tree of layers has the path, digest and references that plain admission gives, and its files', () => {
  const { store, place, whole, over } = fixture()
  const library = store.admit(makeTree(place(), { f: 'lib' }), { name: 'lib', candidates: [], consume: true })
  const other = store.admit(makeTree(place(), { f: 'other' }), { name: 'oth', candidates: [], consume: true })
  const candidates = [library.path, other.path]
  const first = whole({ 'd/a': 'a', 'd/deep/b': library.path, e: null, l: { link: 'd' } }, candidates)
  const second = over(first, { 'd/a': 'changed', 'd/deep/c': 'c' }, candidates)
  const third = over(second, { 'd/deep/b': 'forgotten', 'new/o': other.path }, candidates)
  store.keepTree(third)
  for (const tree of [first, second, third]) {
    const { path, references } = tree.object
    assert.equal(store.placeOf(path).isLayered, true)
    assert.deepEqual(store.object(path), tree.object)
    const copy = place()
    store.materialise(path, copy)
    const admitted = store.admit(copy, { name: 'a-src', candidates, consume: true })
    assert.deepEqual(admitted, tree.object)
    assert.deepEqual(references, [tree === third ? other.path : library.path])
    assert.equal(store.placeOf(path).isLayered, false)
  }
  assert.deepEqual(verify(layoutOf(store.home)).problems, [])
})

test('a step on a stored tree reads the directories on its way, however large the tree is', () => {
  const seen: unknown[] = []
  for (const folders of [10, 100]) {
    const { store, whole, over } = fixture()
    const files: Record<string, string> = {}
    for (let d = 0; d < folders; d++) for (let f = 0; f < 50; f++) files[`d${d}/f${f}`] = `${d} ${f}`
    const second = over(whole(files), { 'd1/f1': 'one' })
    store.keepTree(second)
    const work = noWork()
    const start = storedTree(layoutOf(store.home), second.object.path, work)
    assert(start)
    over(start, { 'd1/f2': 'two', 'd2/f9': 'x', 'n/n': 'y' }, [], work)
    const { directories, ...counts } = work
    seen.push({ ...counts, directoriesEncoded: directories.length })
  }
  assert.deepEqual(seen[0], seen[1])
  // the root, d1 and d2; these and n, which is new, with f2, f9 and n/n
  assert.deepEqual(seen[1], { entriesRead: 6, bytesHashed: 5, directoriesRead: 3, directoriesEncoded: 4 })
})

test('more layers than the kernel likes are made one', () => {
  const { store, place, whole, over } = fixture()
  let tree = whole({ f: '0' })
  const heights: number[] = []
  for (let i = 1; i <= 130; i++) {
    tree = squashed(over(tree, { f: String(i) }), place)
    store.keepTree(tree)
    heights.push(layersOf(tree).length)
  }
  assert.equal(Math.max(...heights), 64)
  assert.equal(heights.filter((height) => height === 1).length, 2)
  assert.equal(readFileSync(join(store.physical(tree.object.path), 'f'), 'utf8'), '130')
  assert.deepEqual(verify(layoutOf(store.home)).problems, [])
})

test('what a tree stands on stays as long as it does, and goes with it', async () => {
  const { store, layout, whole, over } = fixture()
  const first = whole({ f: '1' })
  const second = over(first, { g: '2' })
  const third = over(second, { h: '3' })
  store.keepTree(third)
  const link = join(store.home, '..', 'result')
  store.addRoot(link, [second.object.path])
  store.release()
  const { removed } = await collect(layout, { dryRun: false, keepSinceMs: null })
  assert.deepEqual(
    removed.map(({ path }) => path),
    [third.object.path],
  )
  assert.equal(readFileSync(join(link, 'f'), 'utf8'), '1')
  rmSync(link)
  const all = await collect(layout, { dryRun: false, keepSinceMs: null })
  assert.equal(all.removed.length, 2)
  for (const folder of [layout.layers, layout.store, layout.objects])
    assert.deepEqual(readdirSync(folder), [])
})

test('a tree counts only while all that it stands on is there', () => {
  const { store, layout, whole, over } = fixture()
  const first = whole({ f: '1' })
  const second = over(first, { g: '2' })
  store.keepTree(second)
  removeTree(layerFolder(layout, first.object.path))
  const reopened = Store.open(store.home)
  assert.equal(reopened.object(second.object.path), undefined)
  assert.equal(reopened.layeredTree(second.object.path), undefined)
})

const DAMAGE: Readonly<Record<string, (folder: string) => void>> = {
  'altered content': (folder) => appendFileSync(join(filesIn(folder), 'f'), 'x'),
  'a file too many': (folder) => writeFileSync(join(filesIn(folder), 'more'), ''),
  'no files': (folder) => removeTree(filesIn(folder)),
  'a record that was cut': (folder) =>
    writeFileSync(layerFile(folder), readFileSync(layerFile(folder)).subarray(0, 40)),
  'directories of another tree': (folder) =>
    writeFileSync(layerFile(folder), readFileSync(layerFile(folder), 'utf8').replace('["f","f"', '["e","f"')),
}

for (const [name, damage] of Object.entries(DAMAGE))
  test(`${name} in a lower layer is found, named with what stands on it, and repaired`, async () => {
    const { store, layout, whole, over } = fixture()
    const first = whole({ f: '1' })
    const second = over(first, { g: '2' })
    const alone = whole({ other: '3' })
    for (const tree of [second, alone]) store.keepTree(tree)
    store.release()
    damage(layerFolder(layout, first.object.path))
    const { problems } = verify(layout)
    const bad = [first, second].map(({ object }) => object.path)
    assert.deepEqual(
      problems.map((problem) => (problem.kind === 'object' ? problem.path : problem.file)).toSorted(),
      bad.toSorted(),
    )
    const about = problems.find((problem) => problem.kind === 'object' && problem.path === second.object.path)
    assert.match(about?.reason ?? '', /stands on/)
    assert.deepEqual((await repair(layout, problems)).removed.toSorted(), bad.toSorted())
    assert.deepEqual(verify(layout).problems, [])
    assert.ok(existsSync(layerFolder(layout, alone.object.path)))
  })

test('a tree that lost what it stands on while a build used it is not kept, and its record stays as it is', () => {
  const { store, layout, whole, over } = fixture()
  const first = whole({ f: '1' })
  const second = over(first, { g: '2' })
  store.keepTree(second)
  const taken = store.layeredTree(second.object.path)
  assert(taken)
  const third = over(taken, { h: '3' })
  store.release()
  removeTree(layerFolder(layout, first.object.path))
  const record = readFileSync(layerFile(layerFolder(layout, second.object.path)), 'utf8')
  assert.throws(() => store.keepTree(third), { code: 'TN5020' })
  assert.equal(readFileSync(layerFile(layerFolder(layout, second.object.path)), 'utf8'), record)
  assert.equal(store.object(third.object.path), undefined)
})

test('a damaged layer is replaced when the same tree is made again', () => {
  const { store, layout, whole } = fixture()
  const first = whole({ f: '1' })
  store.keepTree(first)
  writeFileSync(layerFile(layerFolder(layout, first.object.path)), 'lost')
  const again = Store.open(store.home)
  assert.equal(again.object(first.object.path), undefined)
  again.keepTree(whole({ f: '1' }))
  assert.deepEqual(again.object(first.object.path), first.object)
  assert.deepEqual(verify(layout).problems, [])
})
