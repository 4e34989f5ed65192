// granularity.test.ts — how a chain is cut into units changes what is kept, and nothing else.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { planTarget } from '../../runtime/commands/plan-view.ts'
import { probeRungs } from '../../runtime/sandbox/rungs.ts'
import { parseGranularity } from '../../runtime/schedule/grouping.ts'
import { layoutOf } from '../../runtime/store/layout.ts'
import { results } from '../../runtime/store/upkeep/inventory.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, workTree } from 'tenon'
const src = z.object({ src: workTree() })
const doc = z.object({ src: workTree(), trail: z.array(z.string()) })
export const start = defineStep({ name: 'one', output: doc, script: 'mkdir "$out_src"; printf 1 > "$out_src/log"; mkdir "$out_src/empty"; ln -s log "$out_src/link"; output_json trail "[\\\\"one\\\\"]"' })
const next = <const N extends string>(mark: N, fails = false) => defineStep({ name: 'next', params: z.object({ mark: z.string(), fails: z.boolean() }), input: doc, output: doc,
  async run({ input, params }) {
    const fs = await import('node:fs')
    fs.appendFileSync(input.src + '/log', params.mark)
    fs.writeFileSync(input.src + '/' + params.mark, params.mark, { mode: 0o755 })
    if (params.fails) throw new Error('told to fail')
    return { src: input.src, trail: [...input.trail, params.mark] }
  } })({ mark, fails }).as(mark)
export default chain('four', start(), next('two'), next('three'), next('four'))
export const broken = chain('four', start(), next('two'), next('three', true), next('four'))
`
const GROUPINGS = [
  ['split', 4],
  ['fused', 1],
  ['one', 2],
  ['two', 2],
  ['three', 2],
  ['one,two', 3],
  ['one,three', 3],
  ['two,three', 3],
] as const

const { home } = new Project()
function fresh(): Project {
  const project = new Project({ 'build.ts': BUILD }, home)
  project.forget()
  return project
}
/** Steps whose trees are kept for their own sake; below them others may be. */
const keptIn = (project: Project): number =>
  results(layoutOf(project.home)).filter(({ realisation }) => realisation?.passing === undefined).length

test('in all eight groupings of four steps the document and the tree are the same, with as many units as groups', async () => {
  const results = []
  const project = fresh()
  for (const [text, units] of GROUPINGS) {
    project.forget()
    const granularity = parseGranularity(text)
    const { document, artifacts, ran } = await project.build('', { granularity })
    assert.equal(ran.length, 4)
    const plan = await planTarget({
      file: join(project.directory, 'build.ts'),
      exportName: 'default',
      step: null,
      home: project.home,
      granularity,
    })
    assert.equal(plan.units.length, units, text)
    assert.equal(keptIn(project), units, text)
    results.push({ document, object: artifacts[0]?.object })
  }
  assert.deepEqual(new Set(results.map((result) => JSON.stringify(result))).size, 1)
})

test('regrouping runs nothing again, in both directions; a step whose tree was not kept is made again when it is asked for', async () => {
  const project = fresh()
  const rung = (await probeRungs(project.home)).find(
    (probe) => probe.works && probe.rung !== 'supervisor',
  )?.rung // gives copies
  await project.build('', { granularity: { kind: 'fused' }, rung: rung ?? 'plain' })
  assert.equal((await project.build('', { granularity: { kind: 'split' } })).processes, 0)
  const second = await project.build('@two')
  assert.deepEqual(second.ran, ['one', 'two'])
  assert.ok(existsSync(join(second.artifacts[0]?.physical ?? '', 'two')))
  assert.equal((await project.build('', { granularity: { kind: 'fused' } })).processes, 0)
  assert.equal((await project.build('@two', { granularity: { kind: 'fused' } })).processes, 0)
})

test('after a failure inside of a unit the steps before it are not run again', async () => {
  const project = fresh()
  const failed = await project.build('#broken', { granularity: { kind: 'fused' } })
  assert.equal(failed.ok, false)
  assert.equal(failed.failures[0]?.label.step, 'three')
  project.write({ 'build.ts': BUILD.replace("next('three', true)", "next('three', false)") })
  const repaired = await project.build('#broken', { granularity: { kind: 'fused' } })
  assert.deepEqual(repaired.ran, ['three', 'four'])
})

test('auto keeps what was never measured, and then only what is worth it', async () => {
  const project = fresh()
  await project.build('', { granularity: { kind: 'auto' } })
  assert.equal(keptIn(project), 4)
  project.write({ 'build.ts': BUILD.replace('printf 1', 'printf 11') })
  const again = await project.build('', { granularity: { kind: 'auto' } })
  assert.equal(again.ran.length, 4)
  assert.ok(again.ok)
})

test('a name that is no step is refused with the names that are', async () => {
  const project = fresh()
  const granularity = parseGranularity('two,thre')
  await assert.rejects(project.build('', { granularity }), { code: 'TN6110', hint: /one, two, three, four/ })
})
