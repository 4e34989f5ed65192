// schedule.test.ts — real steps in time: packages overlap, chains do not, -j holds, and an interrupt ends all of it.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { BuildEvent } from '../../runtime/report/event.ts'
import { Project } from '../project.ts'

const BUILD = `import { z } from 'zod'
import { chain, defineStep, hostTools, tree } from 'tenon'
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'

const wait = defineStep({ name: 'wait', params: z.object({ of: z.string() }), output: z.object({ said: z.string() }), tools: [hostTools('sleep')],
  script: 'sleep 0.2; output said "$param_of"' })
const join = defineStep({ name: 'join', params: z.object({ all: z.array(z.string()) }), output: z.object({ all: z.string() }), async run({ params }) { return { all: params.all.join(' ') } } })
const packages = ['a', 'b', 'c', 'd'].map((of) => chain(of, wait({ of }).as('one'), wait({ of: of + '!' }).as('two')))
export default chain('all', join({ all: packages.map((each) => each.output.said) }))

const inSh = defineStep({ name: 'in-sh', output: z.object({ tree: tree() }), tools: [hostTools('sleep', 'setsid')],
  script: 'mkdir -p "$out_tree"; echo half > "$out_tree/half"; setsid sleep 876543.25 & trap "" INT TERM HUP; echo asleep; sleep 876543.25; sleep 876543.25' })
const inNode = defineStep({ name: 'in-node', output: z.object({ n: z.number() }), tools: [hostTools('sleep')], async run({ log }) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => log('not now'))
  spawn('sleep', ['876543.25'], { detached: true, stdio: 'ignore' })
  log('asleep')
  await new Promise((resolve) => setTimeout(resolve, 1e9))
  return { n: 1 }
} })
const sh = chain('sh', inSh())
const node = chain('node', inNode())
export const asleep = chain('asleep', join({ all: [\`\${sh.output.tree}\`, \`\${node.output.n}\`] }))
`
const project = new Project({ 'build.ts': BUILD })
before(async () => {
  const { code, stderr } = await project.tenon(['check'])
  assert.equal(code, 0, stderr)
})

/** For every moment at which a step started: those that ran then, as `<chain>@<step>`. */
function runningTogether(events: readonly BuildEvent[]): readonly (readonly string[])[] {
  const running = new Set<string>()
  return events.flatMap((event) => {
    if (event.kind !== 'step-started' && event.kind !== 'step-finished') return []
    const name = `${event.label.chain}@${event.label.step}`
    if (event.kind === 'step-finished') {
      running.delete(name)
      return []
    }
    running.add(name)
    return [[...running]]
  })
}

test('independent packages overlap, steps of one chain never do, and no more than -j run at once', async () => {
  const { document, events } = await project.build('', { jobs: 3 })
  assert.deepEqual(document, { all: 'a! b! c! d!' })
  const moments = runningTogether(events)
  assert.equal(Math.max(...moments.map((running) => running.length)), 3)
  for (const running of moments)
    for (const chain of ['a', 'b', 'c', 'd'])
      assert.ok(running.filter((name) => name.startsWith(`${chain}@`)).length <= 1, running.join(', '))
  const { events: one } = await project.build('', { jobs: 1, force: true })
  assert.ok(runningTogether(one).every((running) => running.length === 1))
})

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  test(`${signal} ends every process of every step, whatever they ignore, exits with ${exitCode} and leaves no partial entry`, async () => {
    const before = project.stored()
    let sent = false
    const { code, stdout, stderr } = await project.tenon(['build', '#asleep', '-j', '2'], {
      onError: (text, child) => {
        if (sent || text.match(/\| asleep/g)?.length !== 2) return
        sent = true
        assert.notDeepEqual(project.processesWith('876543.25'), [])
        child.kill(signal)
      },
    })
    assert.equal(code, exitCode, stderr)
    assert.equal(stdout, '')
    assert.match(stderr, /interrupted/)
    assert.deepEqual(project.processesWith('876543.25'), [])
    assert.deepEqual(project.stored(), before)
    assert.ok(!existsSync(join(project.directory, 'result')))
  })
