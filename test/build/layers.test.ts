// layers.test.ts — inside of a unit work trees pass on without a copy; what comes out is what copies give.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { hasOwnRoot } from '../../runtime/sandbox/rung/rung.ts'
import type { BuildOptions } from '../../runtime/commands/build.ts'
import { probeRungs } from '../../runtime/sandbox/rungs.ts'
import { overlaysWork } from '../../runtime/sandbox/supervisor/overlays.ts'
import { parseGranularity } from '../../runtime/schedule/grouping.ts'
import { layoutOf } from '../../runtime/store/layout.ts'
import { Store } from '../../runtime/store/store.ts'
import { inventory } from '../../runtime/store/upkeep/inventory.ts'
import { verify } from '../../runtime/store/upkeep/verify.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, file, hostTools, tree, workTree } from 'tenon'
const work = z.object({ src: workTree() })
const tool = defineStep({ name: 'tool', params: z.object({ text: z.string() }), output: z.object({ prefix: tree() }), script: 'mkdir -p "$out_prefix/bin"; echo "$param_text" >"$out_prefix/bin/f"' })
const one = chain('one', tool({ text: 'one' }))
const two = chain('two', tool({ text: 'two' }))
const first = defineStep({ name: 'first', output: work, script: 'mkdir -p "$out_src/a/b" "$out_src/keep"; echo 1 >"$out_src/a/b/f"; echo k >"$out_src/keep/k"' })
const sh = <const N extends string>(name: N, script: string) => defineStep({ name: 'sh', params: z.object({ one: z.string() }), input: work, output: work, script })({ one: one.output.prefix }).as(name)
const also = <const N extends string>(name: N, script: string) => defineStep({ name: 'also', params: z.object({ two: z.string() }), input: work, output: work, script })({ two: two.output.prefix }).as(name)
const parts = defineStep({ name: 'parts', input: work, output: z.object({ src: workTree(), whole: tree(), part: tree(), one: file() }),
  script: 'echo p >>src/a/part; ln -s src/a link; output whole /build/src; output part /build/link; output one /build/src/keep/k' })
const join_ = defineStep({ name: 'join', input: z.object({ src: workTree(), whole: tree(), part: tree(), one: file() }), output: work,
  script: 'cp -r "$in_whole" src/whole; cp -r "$in_part" src/part; cp "$in_one" src/one; chmod -R u+w src' })
const mounts = defineStep({ name: 'mounts', input: work, output: z.object({ src: workTree(), type: z.string() }), tools: [hostTools('grep')],
  script: 'output type "$(grep " /build/src " /proc/self/mounts | cut -d" " -f1)"' })
const last = defineStep({ name: 'last', input: z.object({ src: workTree(), type: z.string() }), output: z.object({ src: workTree(), type: z.string() }), script: 'output type "$in_type"' })
export default chain('layered')
  .step(first())
  .step(sh('mention', 'echo "$param_one" >named; mv named src/named; cp src/named src/again; ln -s "$param_one/bin" src/keep/l'))
  .step(sh('forget', 'rm src/again; mv src/a src/moved; mkdir -p src/a; mv src/moved src/a/moved'))
  .step(also('more', 'echo "$param_two" >src/two; rm -r src/a; mkdir src/a; echo n >src/a/n'))
  .step(also('less', 'rm src/named src/two'))
  .step(parts())
  .step(join_())
export const seen = chain('seen').step(first()).step(mounts()).step(last())
`

/** Everything known of what is in the store, by the names of the objects. */
function records(project: Project): readonly unknown[] {
  return readdirSync(join(project.home, 'objects'))
    .filter((name) => /layered-(src|whole|part|one)/.test(name))
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(project.home, 'objects', name), 'utf8')) as unknown)
}

test('fused and split, in layers and by copies, give the same objects with the same references', async () => {
  const project = new Project({ 'build.ts': BUILD })
  const results: unknown[] = []
  for (const { rung, works } of await probeRungs(project.home))
    if (works && hasOwnRoot(rung)) {
      project.forget()
      const { document, artifacts } = await project.build('', {
        granularity: parseGranularity('fused'),
        rung,
      })
      results.push({ document, artifacts, records: records(project) })
    }
  project.forget()
  const split = await project.build('', { granularity: parseGranularity('split') })
  const store = Store.open(project.home)
  const [object] = split.artifacts
  assert(object)
  const references = store.object(object.object)?.references ?? []
  assert.deepEqual(
    references.map((path) => path.replace(/.*-/, '')),
    ['prefix'],
  ) // of one, through keep/l; two's is forgotten
  for (const result of results) {
    const { document, artifacts } = result as { document: unknown; artifacts: unknown } // as pushed above
    assert.deepEqual([document, artifacts], [split.document, split.artifacts])
  }
  assert.equal(new Set(results.map((result) => JSON.stringify(result))).size, 1)
})

test('a step finds its tree in an overlay where the sandbox can mount one, at every granularity, and a copy elsewhere', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  const probes = await probeRungs(project.home)
  const supervisor = probes.find(({ rung }) => rung === 'supervisor')
  if (supervisor?.works !== true || !(await overlaysWork(project.home))) return t.skip('no overlays here')
  const typeOf = async (options: Partial<BuildOptions>): Promise<string> => {
    project.forget()
    const { document } = await project.build('#seen', options)
    return (document as { type: string }).type // the shape that the build file gives it
  }
  for (const granularity of ['fused', 'split'].map(parseGranularity))
    assert.equal(await typeOf({ granularity }), 'overlay')
  for (const { rung, works } of probes)
    if (works && rung !== 'supervisor' && hasOwnRoot(rung)) assert.notEqual(await typeOf({ rung }), 'overlay')
})

/** All objects of the store, as they are described. */
function objectsIn(project: Project): readonly unknown[] {
  return inventory(layoutOf(project.home)).map(({ object }) => object)
}

test('a chain goes on in layers from what copies left, and the other way round; no tree that is stored changes', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  const probes = await probeRungs(project.home)
  const copying = probes.find(({ rung, works }) => works && rung !== 'supervisor' && hasOwnRoot(rung))?.rung
  if (copying === undefined) return t.skip('one sandbox only')
  const granularity = parseGranularity('split')
  const expected = await project.build('', { granularity })
  const objects = objectsIn(project)
  for (const first of [copying, 'auto'] as const) {
    project.forget()
    const rungs = [first, first === 'auto' ? copying : 'auto'] as const
    for (const [i, step] of ['first', 'mention', 'forget', 'more', 'less', 'parts', 'join'].entries())
      await project.build(`@${step}`, { granularity, rung: rungs[i % 2] ?? 'auto' })
    const { document, ran } = await project.build('', { granularity })
    assert.deepEqual([document, ran], [expected.document, []])
    assert.deepEqual(objectsIn(project), objects)
    assert.deepEqual(verify(layoutOf(project.home)).problems, [])
  }
})

test('the files of a failed step are kept with its work tree as the step left it', async () => {
  const fails = `export const fails = chain('fails').step(first()).step(sh('fail', 'rm src/keep/k; echo new >src/new; exit 3'))\n`
  const project = new Project({ 'build.ts': BUILD + fails })
  const { events, ok } = await project.build('#fails', { keepFailed: true })
  assert.equal(ok, false)
  const kept = events.find((event) => event.kind === 'warning')?.message.replace(/.*: /, '') ?? ''
  const names = readdirSync(kept, { recursive: true, encoding: 'utf8' })
  const tree = names.find((name) => name.endsWith('/new'))?.replace(/new$/, '') ?? 'none'
  assert.deepEqual(
    names
      .filter((name) => name.startsWith(tree))
      .map((name) => name.slice(tree.length))
      .toSorted(),
    ['a', 'a/b', 'a/b/f', 'keep', 'new'],
  )
})

test('where a file system cannot mark folders in an overlay, steps get copies, with the same result', async (t) => {
  const [here, there] = [new Project({ 'build.ts': BUILD }), new Project({ 'build.ts': BUILD })]
  mkdirSync(there.home, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'ramfs', 'tenon-test', there.home], { encoding: 'utf8' })
  if (mounted.status !== 0) return t.skip(`no file system can be mounted here: ${mounted.stderr}`)
  try {
    assert.equal(await overlaysWork(there.home), false)
    const results = [await here.build(), await there.build()].map(({ ok, document }) => ({ ok, document }))
    assert.deepEqual(results[1], results[0])
    assert.deepEqual(objectsIn(there), objectsIn(here))
  } finally {
    spawnSync('umount', ['-l', there.home])
  }
})
