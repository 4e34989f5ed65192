// strategies.test.ts — a step finds and leaves the same tree, whether it was given a copy or layers; and layers cost what changes.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { runStep } from '../../../../runtime/sandbox/run-step.ts'
import { probeRungs, type Rung } from '../../../../runtime/sandbox/rungs.ts'
import type { WorkTree } from '../../../../runtime/sandbox/step/spec.ts'
import { copyTree } from '../../../../runtime/store/files/copy-tree.ts'
import { closeLayer, makeFreshLayer } from '../../../../runtime/store/layers/fresh-layer.ts'
import { layoutOf } from '../../../../runtime/store/layout.ts'
import { Store, type StoreObject, type StorePath } from '../../../../runtime/store/store.ts'
import { verify } from '../../../../runtime/store/upkeep/verify.ts'
import {
  type LayeredTree,
  layersOf,
  treeOver,
  wholeTree,
} from '../../../../runtime/store/layers/layered-tree.ts'
import { findIn, type Layer, plainLayer } from '../../../../runtime/store/layers/layer.ts'
import { mergedNode, noWork, type Work } from '../../../../runtime/store/layers/merge-digest.ts'
import { finderOf } from '../../../../runtime/store/references.ts'
import { readNode, treeDigest, type TreeNode } from '../../../../runtime/store/tree-digest.ts'
import { SandboxFixture } from '../../sandbox/sandbox-fixture.ts'
import { FIRST_TREE, TREE_STEPS } from './tree-steps.ts'

const fixture = new SandboxFixture()
const folder = mkdtempSync(join(fixture.home, 'trees-'))
const probes = await probeRungs(fixture.home)
const supervisor = probes.find(({ rung }) => rung === 'supervisor')
const skip =
  supervisor?.works === true ? false : `no overlays without the supervisor: ${supervisor?.reason ?? ''}`
const rung: Rung = probes.find(({ works }) => works)?.rung ?? 'plain'

let count = 0
const place = (name: string): string => join(folder, `${name}-${count++}`)

async function run(workTree: WorkTree, script: string): Promise<void> {
  const spec = await fixture.spec(rung, 'sh', `cd src; ${script}`, {
    commands: ['stat', 'find', 'cp', 'truncate', 'seq', 'touch'],
    spec: { workTrees: [workTree] },
  })
  const exit = await runStep(spec)
  assert.equal(exit.kind, 'answered', JSON.stringify(exit))
}

/** The strategy that works everywhere. @returns the folder of the tree after the step */
async function byCopy(before: string, script: string): Promise<string> {
  const physical = place('copy')
  copyTree(before, physical)
  await run({ path: '/build/src', physical }, script)
  const left = place('left')
  execFileSync('chmod', ['-R', 'u+rwX', physical]) // admission does the same
  copyTree(physical, left)
  return left
}

interface Layered {
  readonly layers: readonly Layer[]
  readonly node: TreeNode
  readonly work: Work
}

async function byLayers(
  { layers, node }: Pick<Layered, 'layers' | 'node'>,
  script: string,
): Promise<Layered> {
  const fresh = makeFreshLayer(place('layer'))
  const lowers = layers.map(({ directory }) => directory)
  await run({ path: '/build/src', lowers, ...fresh, find: () => undefined, take: () => undefined }, script)
  const upper = closeLayer(fresh)
  const work = noWork()
  return { layers: [upper, ...layers], node: mergedNode(node, upper, finderOf([]), work), work }
}

function treeAt(directory: string): TreeNode {
  const node = readNode(directory)
  assert(node.kind === 'tree')
  return node
}

async function firstTree(script: string): Promise<{ base: string; start: Pick<Layered, 'layers' | 'node'> }> {
  const empty = place('empty')
  mkdirSync(empty)
  const base = await byCopy(empty, script)
  return { base, start: { layers: [plainLayer(base)], node: treeAt(base) } }
}

const OPTIONS = { name: 'a-src', candidates: [], consume: true }

type Strategy = (store: Store, path: StorePath, script: string) => Promise<LayeredTree>
const storedByLayers: Strategy = async (store, path, script) => {
  const below = store.layeredTree(path)
  assert(below)
  const fresh = makeFreshLayer(place('layer'))
  const lowers = layersOf(below).map(({ directory }) => directory)
  await run({ path: '/build/src', lowers, ...fresh, find: () => undefined, take: () => undefined }, script)
  return treeOver(below, fresh.folder, closeLayer(fresh), OPTIONS)
}
const storedByCopy: Strategy = async (store, path, script) => {
  const physical = place('copy')
  store.materialise(path, physical)
  await run({ path: '/build/src', physical }, script)
  return wholeTree(physical, place('whole'), OPTIONS)
}
/** Of each: which strategy the n-th step of a chain has. */
const STRATEGIES: Readonly<Record<string, (step: number) => Strategy>> = {
  layers: () => storedByLayers,
  'layers, then a copy': (step) => (step % 2 === 0 ? storedByLayers : storedByCopy),
  'a copy, then layers': (step) => (step % 2 === 0 ? storedByCopy : storedByLayers),
}

/** What each step of the chain left in a store of its own, which every step finds anew. */
async function storedBy(strategyOf: (step: number) => Strategy, scripts: readonly string[]) {
  const home = place('home')
  const start = place('start')
  mkdirSync(start)
  const keep = (tree: LayeredTree): StoreObject => {
    Store.open(home).keepTree(tree)
    return tree.object
  }
  const left = [keep(wholeTree(start, place('whole'), OPTIONS))]
  for (const [i, script] of [FIRST_TREE, ...scripts].entries())
    left.push(keep(await strategyOf(i)(Store.open(home), left.at(-1)?.path ?? '', script)))
  assert.deepEqual(verify(layoutOf(home)).problems, [])
  const last = Store.open(home).physical(left.at(-1)?.path ?? '')
  return { left, digest: treeDigest(last).digest }
}

describe('layers and copies', { skip }, () => {
  for (const [claim, scripts] of Object.entries(TREE_STEPS))
    test(`agree in the store after every step, also by turns, when ${claim}`, async () => {
      const expected = await storedBy(() => storedByCopy, scripts)
      assert.equal(expected.digest, expected.left.at(-1)?.digest)
      for (const [name, strategyOf] of Object.entries(STRATEGIES))
        assert.deepEqual(await storedBy(strategyOf, scripts), expected, name)
    })

  test('agree on a large sparse file, of which a step changes one byte', async () => {
    const size = process.env['TENON_TEST_SLOW'] === undefined ? 100_000_000 : 4_400_000_000
    const { base, start } = await firstTree(`truncate -s ${size} big; echo x >small`)
    const script = 'printf x | dd of=big bs=1 seek=1000000 conv=notrunc 2>/dev/null'
    const layered = await byLayers(start, script)
    assert.equal(layered.node.digest, treeDigest(await byCopy(base, script)).digest)
    assert.equal(layered.work.bytesHashed, size)
  })

  test('the work follows what a step changed, not the size of the tree', async () => {
    const files = (many: number): string =>
      `for d in $(seq ${many / 50}); do mkdir d$d; for f in $(seq 50); do echo $d $f >d$d/f$f; done; done`
    const script = 'for d in 1 2 3; do echo x >>d$d/f7; rm d$d/f9; done; mkdir d4/new; echo n >d4/new/n'
    const works: unknown[] = []
    for (const many of [500, 5_000]) {
      const { base, start } = await firstTree(files(many))
      const { node, work } = await byLayers(start, script)
      assert.equal(node.digest, treeDigest(await byCopy(base, script)).digest)
      const { entriesRead, bytesHashed, directories } = work
      works.push({ entriesRead, bytesHashed, directoriesEncoded: directories.length })
    }
    assert.deepEqual(works[0], works[1])
    // d1–d4 with f7, f9 (deleted) in three of them, and new/n in the fourth; encoded: these four, new, the root
    assert.deepEqual(works[1], { entriesRead: 4 + 3 * 2 + 2, bytesHashed: 3 * 6 + 2, directoriesEncoded: 6 })
  })

  test('a hundred steps on top of each other are still one tree', async () => {
    const { base, start } = await firstTree('mkdir d; echo 0 >d/f')
    let layered = start
    for (let i = 1; i <= 100; i++) layered = await byLayers(layered, `echo ${i} >d/f; echo ${i} >d/f${i % 3}`)
    assert.equal(layered.layers.length, 101)
    const copy = await byCopy(base, 'echo 100 >d/f; echo 99 >d/f0; echo 100 >d/f1; echo 98 >d/f2')
    assert.equal(layered.node.digest, treeDigest(copy).digest)
  })

  test('a path is found in the layer that shows it, and nowhere when it is deleted', async () => {
    const { base, start } = await firstTree(FIRST_TREE)
    const one = await byLayers(start, 'rm -r dir; mkdir dir; echo new >dir/b; rm a')
    const { layers } = await byLayers(one, 'echo two >dir/two')
    const [top, middle] = layers.map(({ directory }) => directory)
    const find = (path: string): string | undefined => findIn(layers, path.split('/'))
    assert.equal(find('dir/two'), join(top ?? '', 'dir/two'))
    assert.equal(find('dir/b'), join(middle ?? '', 'dir/b'))
    assert.equal(find('run'), join(base, 'run'))
    for (const gone of ['a', 'dir/c', 'dir/sub/s', 'run/x', 'none']) assert.equal(find(gone), undefined, gone)
  })
})
