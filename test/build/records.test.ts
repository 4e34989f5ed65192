// records.test.ts — what the store holds after a build: one result for each step, one object and record for each output, nothing else.
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Project } from '../project.ts'

/** Each step writes its number; `changed` writes another one, and its follower what it always writes. */
const chainOf = (steps: number, changed = -1): string => `import { chain, defineStep, file } from 'tenon'
import { z } from 'zod'
const text = z.object({ text: file() })
const params = z.object({ index: z.number().int() })
const first = defineStep({ name: 'first', params, output: text, script: 'echo $param_index >"$out_text"' })
const next = defineStep({ name: 'next', params, input: text, output: text, script: 'echo $param_index >"$out_text"' })
const other = defineStep({ name: 'next', params, input: text, output: text, script: 'echo other >"$out_text"' })
export default chain('numbers', first({ index: 0 }).as('s0'), ${Array.from(
  { length: steps - 1 },
  (_, i) => `${i + 1 === changed ? 'other' : 'next'}({ index: ${i + 1} }).as('s${i + 1}')`,
).join(', ')})
`
const KINDS = ['store', 'objects', 'results', 'logs', 'locks', 'tmp'] as const

function filesIn({ home }: Project): Readonly<Record<(typeof KINDS)[number], readonly string[]>> {
  const files = (folder: string): readonly string[] =>
    readdirSync(join(home, folder), { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
  return Object.fromEntries(KINDS.map((kind) => [kind, files(kind)])) as ReturnType<typeof filesIn> // by the same names
}

function counts(project: Project): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(filesIn(project)).map(([kind, names]) => [kind, names.length]))
}

test('each step that ran leaves a result, each new output an object and its record; nothing else stays', async () => {
  const steps = 6
  const project = new Project({ 'build.ts': chainOf(steps) })
  const growth: unknown[] = []
  await project.build('', {
    onEvent: ({ kind }) => {
      if (kind !== 'step-finished') return
      const { store, objects, results } = filesIn(project)
      growth.push([store.length, objects.length, results.length])
    },
  })
  assert.deepEqual(
    growth,
    Array.from({ length: steps }, (_, i) => [i + 1, i + 1, i + 1]),
  )
  const all = { store: steps, objects: steps, results: steps, logs: 0, locks: 0, tmp: 0 }
  assert.deepEqual(counts(project), all)
  const { store, objects, results } = filesIn(project)
  assert.deepEqual(objects.toSorted(), store.map((name) => `${name}.json`).toSorted())
  for (const name of results) assert.match(name, /^[0-9a-f]{64}\.jsonl$/)

  assert.deepEqual((await project.build()).ran, [])
  assert.deepEqual(counts(project), all)

  // The step after the changed one gives what it gave, so nothing after that runs.
  project.write({ 'build.ts': chainOf(steps, 2) })
  assert.deepEqual((await project.build()).ran, ['s2', 's3'])
  const more = { store: steps + 1, objects: steps + 1, results: steps + 2, logs: 0, locks: 0, tmp: 0 }
  assert.deepEqual(counts(project), more)
})
