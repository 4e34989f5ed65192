// quickjs.test.ts — quickjs beside node and sh in real builds: one document, keys of its own, errors where they were written.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findCommand } from '../../runtime/sandbox/host/found-files.ts'
import { Project } from '../project.ts'

const isThere = findCommand('qjs') !== undefined
const skip = isThere ? false : 'qjs is not on this machine'

const HEAD = `import { z } from 'zod'
import { chain, defineStep, file, hostTools } from 'tenon'
const output = z.object({ text: file(), seen: z.array(z.string()) })
`
const MIXED = `${HEAD}
const first = defineStep({ name: 'first', output, interpreter: 'quickjs',
  run({ out, files }) { files.writeText(out.text, 'ä'); return { text: out.text, seen: ['quickjs'] } } })
const second = defineStep({ name: 'second', input: output, output,
  run({ input, out, files }) { files.writeText(out.text, files.readText(input.text) + typeof process); return { text: out.text, seen: [...input.seen, 'node'] } } })
const third = defineStep({ name: 'third', input: output, output,
  script: "cp $in_text $out_text; output_json seen '[\\"sh\\"]'" })
const fourth = defineStep({ name: 'fourth', input: output, output, interpreter: 'quickjs', tools: [hostTools('sh')],
  async run({ input, out, files, $ }) {
    const { stdout } = await $\`sh -c \${'cat "$0"; echo'} \${input.text}\`
    files.writeText(out.text, stdout + typeof process)
    return { text: out.text, seen: [...input.seen, 'quickjs'] }
  } })
export default chain('mixed', first(), second(), third(), fourth())
`

test(
  'a chain of quickjs, node and sh gives the same document in one unit and in many',
  { skip },
  async () => {
    const project = new Project({ 'build.ts': MIXED })
    const split = await project.build()
    assert.deepEqual(split.failures, [])
    const { text, seen } = split.document as { text: string; seen: unknown } // of the last step
    assert.deepEqual(seen, ['sh', 'quickjs'])
    assert.equal(
      readFileSync(join(project.home, 'store', text.slice('/tenon/store/'.length)), 'utf8'),
      'äobjectundefined',
    )
    project.forget()
    const fused = await project.build('', { granularity: { kind: 'fused' } })
    assert.deepEqual(fused.document, split.document)
    assert.deepEqual((await project.build()).ran, [])
  },
)

test('the interpreter is in the key: one text in node and in quickjs are two actions', { skip }, async () => {
  const step = (interpreter: string): string =>
    `defineStep({ name: 'step', output: z.object({ at: z.string() }), interpreter: '${interpreter}', run: () => ({ at: typeof process }) })`
  const project = new Project({
    'build.ts': `${HEAD}
const inNode = ${step('node')}
const inQuickjs = ${step('quickjs')}
export const node = chain('same', inNode())
export const quickjs = chain('same', inQuickjs())
`,
  })
  assert.deepEqual((await project.build('#node')).document, { at: 'object' })
  const second = await project.build('#quickjs')
  assert.deepEqual([second.document, second.ran], [{ at: 'undefined' }, ['step']])
})

test('a failed quickjs body has its position in the sources', { skip }, async () => {
  const project = new Project({
    'build.ts': `${HEAD}
import { checked } from './checked.ts'
const count = defineStep({ name: 'count', output: z.object({ n: z.number() }), interpreter: 'quickjs',
  run({ log }) {
    log('before')
    return { n: checked(2) }
  },
})
export default chain('main', count())
`,
    'checked.ts': `interface Counted { n: number }
export function checked(n: number): number {
  const counted: Counted = { n }
  if (counted.n > 1)
    throw new RangeError('too many')
  return n
}
`,
  })
  const [failure] = (await project.build()).failures
  assert.ok(failure)
  const inner = join(project.directory, 'checked.ts')
  assert.equal(failure.error.position?.file, inner)
  assert.equal(failure.error.position?.line, 5)
  assert.deepEqual(failure.logTail.slice(0, 2), ['before', 'RangeError: too many'])
  for (const line of failure.logTail.slice(2))
    assert.match(line, /^ {4}at \/.*\/(?:checked|build)\.ts:\d+:\d+$/)
})

test(
  'without quickjs the build says how to get it, and runs nothing',
  { skip: isThere && 'qjs is on this machine' },
  async () => {
    const project = new Project({ 'build.ts': MIXED })
    const [failure] = (await project.build()).failures
    assert.equal(failure?.error.code, 'TN3102')
    assert.match(failure.error.hint ?? '', /apt-get install quickjs/)
  },
)
