// outputs.test.ts — steps with several outputs: what each refers to, and what their consumers keep.
import assert from 'node:assert/strict'
import { readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Store } from '../../runtime/store/store.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, tree } from 'tenon'
import * as fs from 'node:fs'
const base = defineStep({ name: 'base', output: z.object({ data: tree() }), async run({ out }) {
  fs.mkdirSync(out.data)
  fs.writeFileSync(out.data + '/large', 'large')
  return { data: out.data }
} })
const split = defineStep({ name: 'split', params: z.object({ data: tree(), manual: z.string() }),
  output: z.object({ bin: tree(), lib: tree(), doc: tree(), plugins: z.array(tree()), flags: z.string() }),
  async run({ params, out }) {
    for (const each of [out.bin, out.lib, out.doc, '/build/plugin', '/build/staged']) fs.mkdirSync(each, { recursive: true })
    fs.writeFileSync(out.bin + '/tool', out.lib + '/lib.so ' + out.bin)
    fs.writeFileSync(out.lib + '/lib.so', 'a library')
    fs.writeFileSync(out.doc + '/manual', params.manual + ' ' + params.data)
    fs.symlinkSync(out.bin + '/tool', out.doc + '/tool')
    fs.writeFileSync('/build/plugin/uses', out.lib)
    return { bin: out.bin, lib: out.lib, doc: out.doc, plugins: ['/build/plugin'], flags: '-L' + out.lib + ' -I' + out.lib }
  } })
const use = defineStep({ name: 'use', params: z.object({ lib: tree() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.prefix)
  fs.writeFileSync(out.prefix + '/linked', params.lib + '/lib.so')
  return { prefix: out.prefix }
} })
const staged = defineStep({ name: 'staged', output: z.object({ prefix: tree() }), async run({ out }) {
  fs.mkdirSync('/build/staged')
  fs.writeFileSync('/build/staged/where', out.prefix)
  return { prefix: '/build/staged' }
} })
const circle = defineStep({ name: 'circle', output: z.object({ a: tree(), b: tree() }), async run({ out }) {
  for (const [own, other] of [[out.a, out.b], [out.b, out.a]] as const) {
    fs.mkdirSync(own)
    fs.writeFileSync(own + '/other', other)
  }
  return { a: out.a, b: out.b }
} })
const data = chain('data', base())
export const several = chain('several', split({ data: data.output.data, manual: MANUAL }))
export const consumer = chain('consumer', use({ lib: several.output.lib }))
export const destdir = chain('destdir', staged())
export const round = chain('round', circle())
`
const project = (): Project => new Project({ 'build.ts': BUILD.replace('MANUAL', "'one'") })

test('outputs of a step know each other by their final paths, in files, links, lists and the document', async () => {
  const { artifacts, document, failures } = await project().build('#several')
  assert.deepEqual(failures, [])
  const at = (pointer: string) =>
    artifacts.find((artifact) => artifact.pointer === pointer) ?? assert.fail(pointer)
  const [bin, lib, doc, plugin] = [at('/bin'), at('/lib'), at('/doc'), at('/plugins/0')]
  assert.equal(readFileSync(join(bin.physical, 'tool'), 'utf8'), `${lib.object}/lib.so ${bin.object}`)
  assert.equal(readlinkSync(join(doc.physical, 'tool')), `${bin.object}/tool`)
  assert.equal(readFileSync(join(plugin.physical, 'uses'), 'utf8'), lib.object)
  assert.partialDeepStrictEqual(document, { flags: `-L${lib.object} -I${lib.object}` })
})

test('a consumer of one output keeps that one and what it refers to, and runs for no change of another', async () => {
  const one = project()
  const { artifacts } = await one.build('#consumer')
  const store = Store.open(one.home)
  const [prefix] = artifacts
  assert.ok(prefix)
  const closure = (object: string): readonly string[] =>
    store
      .closure([object])
      .map(({ path }) => path.slice(46))
      .sort()
  assert.deepEqual(closure(prefix.object), ['consumer-prefix', 'several-lib'])
  const several = await one.build('#several')
  const doc = several.artifacts.find(({ pointer }) => pointer === '/doc')?.object ?? ''
  assert.deepEqual(closure(doc), ['data-data', 'several-bin', 'several-doc', 'several-lib'])
  one.write({ 'build.ts': BUILD.replace('MANUAL', "'two'") })
  const again = await one.build('#consumer')
  assert.deepEqual([again.ran, again.artifacts], [['split'], artifacts])
})

test('an output that a step staged elsewhere names itself by its final path', async () => {
  const { artifacts } = await project().build('#destdir')
  const [prefix] = artifacts
  assert.ok(prefix)
  assert.equal(readFileSync(join(prefix.physical, 'where'), 'utf8'), prefix.object)
})

test('outputs that name each other in a circle are refused by name', async () => {
  const { failures } = await project().build('#round')
  assert.deepEqual(
    failures.map(({ error }) => error.code),
    ['TN5014'],
  )
  assert.match(failures[0]?.error.message ?? '', /round-a, round-b/)
})
