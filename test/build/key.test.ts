// key.test.ts — what makes a step run again and what does not, part by part, in real builds.
import assert from 'node:assert/strict'
import { cpSync, readdirSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { PlanView } from '../../runtime/commands/plan-view.ts'
import { Store } from '../../runtime/store/store.ts'
import { Project } from '../project.ts'

const HEAD = `import { z } from 'zod'
import { chain, defineStep, hostTools, localFile, tree } from 'tenon'
import * as fs from 'node:fs'
`
/** Packages of one chain name and one step name, each different from \`base\` in one part of the step. */
const VARIANTS = `${HEAD}
const input = z.object({ a: z.string(), n: z.number().default(1) })
const params = z.object({ level: z.number() })
const output = z.object({ said: z.string() })
const given = { a: 'A' }
const of = (step: any, values: object = given) => chain('pkg', step).given(values) // any: the variants have types of their own
const base_ = defineStep({ name: 'step', params, input, output, async run({ input, params }) { return { said: input.a + params.level } } })
export const base = of(base_({ level: 1 }))
const body_ = defineStep({ name: 'step', params, input, output, async run({ input, params }) { return { said: params.level + input.a } } })
export const body = of(body_({ level: 1 }))
const interpreter_ = defineStep({ name: 'step', params, input, output, script: 'output said "$in_a$param_level"' })
export const interpreter = of(interpreter_({ level: 1 }))
const text_ = defineStep({ name: 'step', params, input, output, script: 'output said "$param_level$in_a"' })
export const text = of(text_({ level: 1 }))
export const params_ = of(base_({ level: 2 }))
export const input_ = of(base_({ level: 1 }), { a: 'B' })
const inputSchema_ = defineStep({ name: 'step', params, input: z.object({ a: z.string().min(1), n: z.number().default(1) }), output, async run({ input, params }) { return { said: input.a + params.level } } })
export const inputSchema = of(inputSchema_({ level: 1 }))
const paramsSchema_ = defineStep({ name: 'step', params: z.object({ level: z.number().max(9) }), input, output, async run({ input, params }) { return { said: input.a + params.level } } })
export const paramsSchema = of(paramsSchema_({ level: 1 }))
const outputSchema_ = defineStep({ name: 'step', params, input, output: z.object({ said: z.string().max(99) }), async run({ input, params }) { return { said: input.a + params.level } } })
export const outputSchema = of(outputSchema_({ level: 1 }))
const tools_ = defineStep({ name: 'step', params, input, output, tools: [hostTools('xargs')], async run({ input, params }) { return { said: input.a + params.level } } })
export const tools = of(tools_({ level: 1 }))
const moreTools_ = defineStep({ name: 'step', params, input, output, tools: [hostTools('xargs', 'gzip')], async run({ input, params }) { return { said: input.a + params.level } } })
export const moreTools = of(moreTools_({ level: 1 }))
export const same = of(base_({ level: 1 }))
`
const CHAINED = (text: string): string => `${HEAD}
const made = defineStep({ name: 'made', params: z.object({ text: z.string(), note: z.string() }), output: z.object({ lib: tree(), docs: tree() }), async run({ params, out }) {
  for (const [path, text] of [[out.lib, params.text], [out.docs, params.note]] as const) { fs.mkdirSync(path); fs.writeFileSync(path + '/file', text) }
  return { lib: out.lib, docs: out.docs }
} })
const upstream = chain('upstream', made({ ${text} }))
const use = defineStep({ name: 'use', params: z.object({ lib: tree(), file: z.string() }), output: z.object({ prefix: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.prefix)
  fs.writeFileSync(out.prefix + '/uses', params.lib + params.file)
  return { prefix: out.prefix }
} })
export default chain('down', use({ lib: upstream.output.lib, file: '/tenon/store/00000000000000000000000000000000-upstream-docs' }))
`
const project = new Project({ 'build.ts': VARIANTS, 'chained.ts': CHAINED(`text: 'one', note: 'one'`) })
before(async () => {
  const { code, stderr } = await project.tenon(['check'])
  assert.equal(code, 0, stderr)
})

async function keyOf(exportName: string, at: Project = project): Promise<string> {
  const { stdout, stderr } = await at.tenon(['plan', `#${exportName}`, '--json'])
  const key = (JSON.parse(stdout) as PlanView).steps.at(-1)?.key // what the command prints
  assert.ok(key, stderr)
  return key
}

test('body, interpreter, params, input, schemas and tools are each in the key, and run the step again when one of them alone changes', async () => {
  const names = [
    'base',
    'body',
    'interpreter',
    'text',
    'params_',
    'input_',
    'inputSchema',
    'paramsSchema',
    'outputSchema',
    'tools',
    'moreTools',
  ]
  const keys = await Promise.all(names.map((name) => keyOf(name)))
  assert.equal(new Set(keys).size, names.length)
  for (const name of names) assert.deepEqual((await project.build(`#${name}`)).ran, ['step'], name)
  for (const name of [...names, 'same'])
    assert.deepEqual((await project.build(`#${name}`)).found, ['step'], name)
})

test('checkout path, store root, times of files, environment and job count are not in the key', async () => {
  const other = new Project()
  cpSync(join(project.directory, 'build.ts'), join(other.directory, 'build.ts'))
  for (const name of readdirSync(other.directory))
    if (name !== 'node_modules') utimesSync(join(other.directory, name), 1, 1)
  assert.equal(await keyOf('base', other), await keyOf('base'))
  assert.equal((await project.build('#base', { jobs: 1 })).processes, 0)
  assert.equal((await project.build('#base', { jobs: 7 })).processes, 0)
  const elsewhere = await project.tenon(['build', '#base', '--no-link'], {
    env: { LANG: 'C', TZ: 'Asia/Tokyo', FOO: 'bar' },
  })
  assert.match(elsewhere.stderr, /^nothing to do/)
  // The same build file by another path, from another working directory.
  symlinkSync(project.directory, join(other.directory, 'link'))
  const linked = await other.tenon(['build', 'link/build.ts#base', '--no-link'], {
    env: { TENON_HOME: project.home },
  })
  assert.match(linked.stderr, /^nothing to do/, linked.stderr)
})

test('an upstream output runs dependents again when it changes, and only then; of several outputs only the one that is used counts', async () => {
  const first = await project.build('chained.ts')
  assert.deepEqual(first.ran, ['made', 'use'])
  project.write({ 'chained.ts': CHAINED(`text: 'one', note: 'two'`) })
  const note = await project.build('chained.ts')
  assert.deepEqual([note.ran, note.found], [['made'], ['use']])
  project.write({ 'chained.ts': CHAINED(`text: 'two', note: 'two'`) })
  const text = await project.build('chained.ts')
  assert.deepEqual(text.ran, ['made', 'use'])
  // The consumer of one output refers to that one; a text that looks like a store path is no edge.
  const object = Store.open(project.home).object(text.artifacts[0]?.object ?? '')
  assert.deepEqual(
    object?.references.map((path) => path.slice('/tenon/store/'.length + 33)),
    ['upstream-lib'],
  )
})
