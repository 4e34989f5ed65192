// at-once.ts — processes that build over one store at the same time, with collections in between. How long: the tests' choice.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TestContext } from 'node:test'
import { Project } from '../../project.ts'
import { assertBuilds, assertWell, SIX_STEPS } from './six-steps.ts'

/** Some projects over one home; each builds new and old seeds while another process collects again and again. */
export async function buildAndCollect(t: TestContext, builders: number, rounds: number): Promise<void> {
  const projects = Array.from(
    { length: builders },
    () => new Project({ 'build.ts': SIX_STEPS, 'seed.txt': '' }),
  )
  const [first] = projects
  assert.ok(first)
  for (const project of projects) Object.assign(project, { home: first.home })
  let isBuilding = true
  let collections = 0
  const collector = async (): Promise<void> => {
    while (isBuilding) {
      const { code, stderr } = await first.tenon(['store', 'gc'])
      assert.equal(code, 0, stderr)
      collections++
      await sleep(Math.random() * 50)
    }
  }
  const builder = async (project: Project, number: number): Promise<void> => {
    // Seeds that the projects share, and that come again after their objects may have been collected.
    for (let round = 0; round < rounds; round++) await assertBuilds(project, `seed ${(round + number) % 3}`)
  }
  const collecting = collector()
  try {
    await Promise.all(projects.map(builder))
  } finally {
    isBuilding = false
    await collecting
  }
  t.diagnostic(`${builders * rounds} builds, ${collections} collections`)
  assert.ok(collections > 1)
  await assertWell(first)
}
