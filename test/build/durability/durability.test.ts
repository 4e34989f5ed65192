// durability.test.ts — builds that are killed, or run at the same time as others and as collections, leave a whole store.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { Project } from '../../project.ts'
import { buildAndCollect } from './at-once.ts'
import { killBuilds, killCollections } from './kill.ts'
import { assertBuilds, assertWell, SIX_STEPS, startBuild, STEPS } from './six-steps.ts'

test('a build killed at any moment leaves a whole store, and the next build succeeds', async (t) => {
  await killBuilds(t, 4, 2)
})

test('a collection killed at any moment leaves a whole store, and what is rooted', async (t) => {
  await killCollections(t, 2)
})

test('builds and collections at the same time do each other no harm', async (t) => {
  await buildAndCollect(t, 2, 3)
})

test('processes that build the same over one store run each action once', async () => {
  const project = new Project({ 'build.ts': SIX_STEPS, 'seed.txt': 'once' })
  await assertBuilds(project, 'other') // caches are warm: all get to the steps at about the same time
  project.write({ 'seed.txt': 'once' })
  const children = Array.from({ length: 8 }, () => startBuild(project, ['--json', '--no-link']))
  const said = children.map((child) => text(child.stdout ?? assert.fail()))
  const complained = children.map((child) => text(child.stderr ?? assert.fail()))
  const ends = await Promise.all(children.map((child) => once(child, 'close')))
  const stderr = (await Promise.all(complained)).join('')
  assert.deepEqual(
    ends,
    children.map(() => [0, null]),
    stderr,
  )
  const events = (await Promise.all(said)).flatMap(
    (lines) =>
      lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { kind: string; step?: string; document?: unknown }), // event-record.ts
  )
  const started = events.flatMap(({ kind, step }) => (kind === 'step-started' ? [step] : []))
  for (const step of STEPS)
    assert.equal(started.filter((name) => name === step).length, 1, `${step} of ${String(started)}`)
  const documents = new Set(
    events.flatMap(({ kind, document }) => (kind === 'result' ? [JSON.stringify(document)] : [])),
  )
  assert.equal(documents.size, 1)
  await assertWell(project)
})
