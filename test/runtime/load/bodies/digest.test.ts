// digest.test.ts — a body's digest is of its own code: what changes it, and what does not (row A27).
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { bodyFile } from '../../../../runtime/load/load.ts'
import { digestOf } from '../../../../dsl/plan/digest.ts'
import { tempHome, TempProject } from '../temp-project.ts'

const BUILD = `import { z } from 'zod'
import { readFileSync } from 'node:fs'
import { chain, defineStep } from 'tenon'
import { helper } from './helper.ts'
const limit = 10
function take(list: number[]) { return list.slice(0, limit) }
export const one = defineStep({
  name: 'one',
  params: z.object({ file: z.string() }),
  output: z.object({ value: z.any() }),
  async run({ params }) {
    const numbers = JSON.parse(readFileSync(params.file, 'utf8')) as number[]
    const result = take(numbers).map((number) => helper(number))
    return { value: result }
  },
})
const use = one({ file: '/x' })
export default chain('main', use)
`
const HELPER = `export const helper = (n: number): number => n * 2`

const digest = async (build: string, helper = HELPER): Promise<string> => {
  const [found = ''] = await new TempProject({ 'build.ts': build, 'helper.ts': helper }).digests()
  return found
}

test('the digest is the SHA-256 of the bundle', async () => {
  const project = new TempProject({ 'build.ts': BUILD, 'helper.ts': HELPER })
  const [found = ''] = await project.digests()
  assert.equal(digestOf(readFileSync(bodyFile(project.home, found))), found)
})

const FREE: Readonly<Record<string, (text: string) => string>> = {
  'another directory': (text) => text,
  'a comment elsewhere': (text) => `// hello\n${text}/* bye */`,
  'a comment inside of the body': (text) => text.replace('const numbers', '// why\n    const numbers'),
  'another step in the same file': (text) =>
    text.replace(
      'const use',
      "export const two = defineStep({ name: 'two', output: z.object({}), run: () => ({}) })\nconst use",
    ),
  'a build variable renamed': (text) => text.replaceAll('use', 'somethingElse'),
  'the step variable renamed': (text) => text.replaceAll(/\bone\b(?!')/g, 'uno'),
  'locals of the body renamed': (text) =>
    text.replaceAll('result', 'eeeeeeeeeeeeeeeeeeeeee').replaceAll('numbers', 'q'),
  'a parameter renamed': (text) =>
    text.replace('{ params }', '{ params: given }').replace('params.file', 'given.file'),
  'the helpers of the module renamed': (text) =>
    text.replaceAll('limit', 'most').replaceAll('take', 'zzzzzz'),
  'an import renamed': (text) =>
    text.replace('readFileSync }', 'readFileSync as slurp }').replace('(readFileSync(', '(slurp('),
  'quotes, semicolons and indentation': (text) =>
    text.replaceAll("'utf8'", '"utf8"').replaceAll('\n    ', ' ;\n\n\t\t'),
  types: (text) =>
    text
      .replace(' as number[]', ' as readonly number[] as Array<number>')
      .replace('list: number[]', 'list: Array<number>'),
  'unused code of the module': (text) =>
    text.replace('const limit', 'const unused = Math.max(1, 2)\nexport const limit'),
}

test('these leave a digest as it is', async (t) => {
  const original = await digest(BUILD)
  for (const [what, edit] of Object.entries(FREE))
    await t.test(what, async () => {
      if (what !== 'another directory') assert.notEqual(edit(BUILD), BUILD, 'the edit does something')
      assert.equal(await digest(edit(BUILD)), original)
    })
})

test('a change of what the body computes changes the digest', async () => {
  const seen = new Set([await digest(BUILD)])
  for (const build of [
    BUILD.replace('= 10', '= 11'),
    BUILD.replace('slice(0', 'slice(1'),
    BUILD.replace('value: result', 'value: [result]'),
  ])
    seen.add(await digest(build))
  seen.add(await digest(BUILD, HELPER.replace('* 2', '* 3')))
  assert.equal(seen.size, 5)
})

test('bodies from TypeScript and from its compiled JavaScript are the same', async () => {
  const compiled = BUILD.replaceAll(/(?: as |: )number(?:\[\])?/g, '')
  const project = new TempProject({ 'build.mjs': compiled, 'helper.ts': HELPER })
  assert.deepEqual(await project.digests('build.mjs'), [await digest(BUILD)])
})

test('a package in another place of node_modules gives the same digest', async () => {
  const build = BUILD.replace('./helper.ts', 'helper')
  const pack = '{ "name": "helper", "main": "index.js" }'
  const code = "const path = require('node:path'); exports.helper = (n) => path.sep + n"
  const at = async (directory: string): Promise<readonly string[]> => {
    const project = new TempProject({
      'deep/build.ts': build,
      [`${directory}node_modules/helper/package.json`]: pack,
      [`${directory}node_modules/helper/index.js`]: code,
    })
    project.home = tempHome()
    return project.digests('deep/build.ts')
  }
  assert.deepEqual(await at(''), await at('deep/'))
})
