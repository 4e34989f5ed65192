// event-text.test.ts — every event in words.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventLines } from '../../../runtime/report/event-text.ts'
import { matchesGolden } from './golden.ts'
import { everyEvent, exited, made, textOptions } from './sample-events.ts'

test('every event is printed as the golden file says', () => {
  const text = everyEvent
    .map((event) =>
      eventLines(event, textOptions)
        .map((line) => line + '\n')
        .join(''),
    )
    .join('')
  matchesGolden(join(import.meta.dirname, 'golden', 'events.txt'), text)
})

test('a failure shows no more than the last 20 lines of the log', () => {
  const logTail = Array.from({ length: 100 }, (_, i) => `line ${i}`)
  const lines = eventLines(
    { kind: 'step-failed', label: made, error: exited, logFile: '/l', logTail, durationMs: 1 },
    textOptions,
  )
  assert.equal(lines.filter((line) => line.includes('| line')).length, 20)
  assert(lines.some((line) => line.endsWith('| line 99')))
})

test('a step that has no log is not one to open a shell at', () => {
  const lines = eventLines(
    { kind: 'step-failed', label: made, error: exited, logFile: null, logTail: [], durationMs: 1 },
    textOptions,
  )
  assert.deepEqual(lines, ["error TN3701: step 'hello@make' exited with code 2"])
})

test('escape sequences of a log never reach the terminal', () => {
  const [line = ''] = eventLines(
    { kind: 'step-log', label: made, line: 'a\u001b[2J\u001b]0;title\u0007b\u009b31mc\u0008' },
    textOptions,
  )
  assert.equal(line, 'hello@make | abc')
})
