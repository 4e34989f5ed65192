// reporter.test.ts — plain, quiet and combined reporters.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { bothReporters, plainReporter, quietReporter } from '../../../runtime/report/reporter.ts'
import { everyEvent, made, textOptions } from './sample-events.ts'

test('plain writes whole lines without any escape sequence', () => {
  let text = ''
  everyEvent.forEach(plainReporter((more) => (text += more), textOptions).onEvent)
  assert(text.endsWith('\n'))
  assert(!/[^\n\P{Cc}]/u.test(text))
})

test('plain tells the end of a step and the start of the next in one write, an end alone as soon as nothing else happens', async () => {
  const writes: string[] = []
  const { onEvent, close } = plainReporter((text) => void writes.push(text), textOptions)
  const end = { kind: 'step-finished', label: made, from: 'run', durationMs: 100 } as const
  onEvent(end)
  onEvent({ kind: 'step-started', label: made })
  assert.equal(writes.length, 1)
  onEvent(end)
  await turn()
  assert.equal(writes.length, 2)
  onEvent(end)
  close()
  await turn()
  assert.equal(writes.length, 3)
  assert.equal(writes.join('').match(/ran in/g)?.length, 3)
})

test('quiet writes failures and warnings alone', () => {
  let text = ''
  everyEvent.forEach(quietReporter((more) => (text += more), textOptions).onEvent)
  assert(text.includes('error TN3701') && text.includes('warning: tenon.lock'))
  assert(!text.includes('started') && !text.includes('done:') && !text.includes('gcc'))
})

test('both reporters get every event and are closed', () => {
  const seen: string[] = []
  const reporter = (name: string) => ({
    onEvent: () => seen.push(name),
    close: () => seen.push(`${name} closed`),
  })
  const both = bothReporters(reporter('a'), reporter('b'))
  both.onEvent({ kind: 'step-started', label: made })
  both.close()
  assert.deepEqual(seen, ['a', 'b', 'a closed', 'b closed'])
})
