// kill.ts — rounds of builds, and of collections, that are killed at random moments. How many: the tests' choice.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { COMMAND, PATH, Project } from '../../project.ts'
import { assertBuilds, assertWell, SIX_STEPS, startBuild } from './six-steps.ts'

/** `among`: after so many kills the build is let through. */
export async function killBuilds(t: TestContext, rounds: number, among: number): Promise<void> {
  const project = new Project({ 'build.ts': SIX_STEPS, 'seed.txt': 'warm' })
  await assertBuilds(project, 'warm')
  project.write({ 'seed.txt': 'timed' })
  const startedAtMs = Date.now()
  await assertBuilds(project, 'timed')
  const wholeMs = Date.now() - startedAtMs
  let killed = 0
  for (let round = 0; round < rounds; round++) {
    const delayMs = Math.random() * wholeMs
    project.write({ 'seed.txt': `round ${round}` })
    const child = startBuild(project)
    const closed = once(child, 'close') // it may end before it is killed
    await sleep(delayMs)
    child.kill('SIGKILL')
    const [, signal] = (await closed) as [number | null, string | null] // of a child process
    if (signal === 'SIGKILL') killed++
    t.diagnostic(`round ${round}: ${signal ?? 'ended'} after ${Math.round(delayMs)} ms`)
    await assertWell(project)
    if (round % among === among - 1) await assertBuilds(project, `round ${round}`)
  }
  assert.ok(killed > 0)
  await assertBuilds(project, 'at last')
  await assertWell(project)
}

export async function killCollections(t: TestContext, rounds: number): Promise<void> {
  const project = new Project({ 'build.ts': SIX_STEPS, 'seed.txt': '' })
  for (let round = 0; round < rounds; round++) {
    await assertBuilds(project, `before ${round}`)
    const child = spawn(COMMAND, ['store', 'gc'], {
      env: { PATH, HOME: dirname(project.home), TENON_HOME: project.home },
    })
    const closed = once(child, 'close') // it may end before it is killed
    await sleep(30 + Math.random() * 60)
    child.kill('SIGKILL')
    await closed
    await assertWell(project)
    await assertBuilds(project, `before ${round}`)
  }
}
