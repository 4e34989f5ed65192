// failure-in-source.test.ts — a body that throws is shown where it was written.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
import { checked } from './checked.ts'
const count = defineStep({
  name: 'count',
  output: z.object({ n: z.number() }),
  run({ log }) {
    log('before')
    return { n: checked(2) }
  },
})
export default chain('main', count())
`
const CHECKED = `interface Counted { n: number }
export function checked(n: number): number {
  const counted: Counted = { n }
  if (counted.n > 1)
    throw new RangeError('too many')
  return n
}
`

async function failed(project: Project) {
  const [failure] = (await project.build()).failures
  assert.ok(failure)
  return failure
}

test('a failed body has the position of its innermost call in the sources, and its log names sources alone', async () => {
  const project = new Project({ 'build.ts': BUILD, 'checked.ts': CHECKED })
  const { error, logTail } = await failed(project)
  const [inner, outer] = [join(project.directory, 'checked.ts'), join(project.directory, 'build.ts')]
  assert.equal(error.code, 'TN3701')
  assert.deepEqual(error.position, { file: inner, line: 5, column: 11 })
  assert.deepEqual(logTail, [
    'before',
    'RangeError: too many',
    `    at ${inner}:5:11`,
    `    at ${outer}:9:17`,
  ])
})

test('code that has only moved is found at its new place', async () => {
  const project = new Project({ 'build.ts': BUILD, 'checked.ts': CHECKED })
  await failed(project)
  project.write({ 'checked.ts': `// a comment\n\n${CHECKED}` })
  assert.equal((await failed(project)).error.position?.line, 7)
})

test('a failure without a trace of its own code has no position', async () => {
  const project = new Project({
    'build.ts': BUILD.replace("log('before')", "log('    at nowhere (/x/body.js)'); process.exit(3)"),
    'checked.ts': CHECKED,
  })
  const { error, logTail } = await failed(project)
  assert.equal(error.position, undefined)
  assert.deepEqual(logTail, ['    at nowhere (/x/body.js)'])
})
