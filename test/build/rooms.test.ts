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
const node = defineStep({ name: 'node', input: value, output: value, run: ({ input }) => ({ n: input.n + 10 }) })
const zero = defineStep({ name: 'zero', output: value, run: () => ({ n: 0 }) })
const twice = (i: number) => [sh().as('sh' + i), node().as('node' + i)] as const
export default chain('mixed', zero(), ...twice(1), ...twice(2), ...twice(3))
`

test('steps of a chain find rooms that were made ahead, give the same, and a build leaves none', async (t) => {
  const project = new Project({ 'build.ts': BUILD })
  const first = await project.build()
  const rung = first.events.find((event) => event.kind === 'sandbox')?.rung
  if (rung !== 'supervisor') return t.skip(`the ${String(rung)} sandbox makes none`)
  assert.deepEqual([first.document, first.ran.length], [{ n: 33 }, 7])
  const supervisor = supervisorOf(project.home)
  assert.equal(supervisor.foundWaiting, 5) // all but the first of a kind
  const [pid] = childrenOf(process.pid).filter((child) => nameOf(child) === 'tenon-superviso')
  assert(pid !== undefined)
  while (!childrenOf(pid).every(hasEnded)) await wait(10)
  const again = await project.build('', { force: true })
  assert.deepEqual([again.document, supervisor.foundWaiting], [{ n: 33 }, 10])
})

function nameOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
}
