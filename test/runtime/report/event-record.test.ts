// event-record.test.ts — the lines of --json.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { EVENT_SCHEMA_VERSION } from '../../../runtime/report/event.ts'
import { jsonReporter } from '../../../runtime/report/reporter.ts'
import { matchesGolden } from './golden.ts'
import { everyEvent } from './sample-events.ts'

const printed = (): string => {
  let text = ''
  const reporter = jsonReporter((more) => (text += more))
  everyEvent.forEach(reporter.onEvent)
  return text
}

test('every event is one JSON line as the golden file says', () => {
  matchesGolden(join(import.meta.dirname, 'golden', 'events.jsonl'), printed())
})

test('every line says its schema version and its kind', () => {
  const lines = printed()
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
  assert.equal(lines.length, everyEvent.length)
  everyEvent.forEach((event, i) =>
    assert.partialDeepStrictEqual(lines[i], { schema: EVENT_SCHEMA_VERSION, kind: event.kind }),
  )
})
