// rooms.test.ts — a build has rooms for its steps made ahead, where the supervisor runs them, and leaves none.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { childrenOf, hasEnded } from '../../runtime/sandbox/process/process-tree.ts'
import { supervisorOf } from '../../runtime/sandbox/supervisor/supervised-step.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep } from 'tenon'
const value = z.object({ n: z.number() })
const sh = defineStep({ name: 'sh', input: value, output: value, script: 'output_json n $((in_n + 1))' })
const zero = defineStep({ name: 'zero', output: value, script: 'output_json n 0' })
export default chain('numbers', zero(), sh().as('one'), sh().as('two'), sh().as('three'))
`

test('steps of a chain find rooms that were made ahead, give the same, and a build leaves none', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  const first = await project.build()
  const rung = first.events.find((event) => event.kind === 'sandbox')?.rung
  if (rung !== 'supervisor') return t.skip(`the ${String(rung)} sandbox makes none`)
  assert.deepEqual([first.document, first.ran.length], [{ n: 3 }, 4])
  const supervisor = supervisorOf(project.home)
  assert.equal(supervisor.foundWaiting, 3) // all but the first
  const [pid] = childrenOf(process.pid).filter((child) => nameOf(child) === 'tenon-superviso')
  assert(pid !== undefined)
  while (!childrenOf(pid).every(hasEnded)) await wait(10)
  const again = await project.build('', { force: true })
  assert.deepEqual([again.document, supervisor.foundWaiting], [{ n: 3 }, 6])
})

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
}
