// rounds.test.ts — the order in which the sides of a comparison are run.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { interleave, type Side } from '../../bench/measure/rounds.ts'

function recording(): { readonly events: string[]; readonly side: (label: string) => Side } {
  const events: string[] = []
  const side = (label: string): Side => ({
    label,
    prepare: () => void events.push(`prepare ${label}`),
    run: () => events.push(label),
  })
  return { events, side }
}

test('sides take turns, each prepared before its run, and another one begins each round', () => {
  const { events, side } = recording()
  interleave([side('a'), side('b')], 2)
  assert.deepEqual(
    events.filter((event) => !event.startsWith('prepare')),
    ['a', 'b', 'b', 'a'],
  )
  assert.deepEqual(events.slice(0, 4), ['prepare a', 'a', 'prepare b', 'b'])
})

test('warm-ups run and are not counted', () => {
  const { events, side } = recording()
  const [figure] = interleave([side('a')], 3, 2)
  assert.equal(events.filter((event) => event === 'a').length, 5)
  assert.ok(figure?.kind === 'measured')
  assert.deepEqual(figure.samples, [6, 8, 10])
})

test('a side that is missing is a figure with its reason, in its place', () => {
  const { side } = recording()
  const figures = interleave([{ label: 'peer', missing: 'not installed' }, side('a')], 1)
  assert.deepEqual(figures[0], { label: 'peer', unit: 'ms', kind: 'not-run', reason: 'not installed' })
  assert.equal(figures[1]?.kind, 'measured')
})
