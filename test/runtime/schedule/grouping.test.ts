// grouping.test.ts — where `auto` ends units, from what earlier builds measured.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grouping, type Measured } from '../../../runtime/schedule/grouping.ts'

/** Why the units of a chain end, by step; what escapes is asked for by others. */
function reasons(measured: readonly (Measured | undefined)[], escaping: readonly number[] = []) {
  const { why } = grouping({
    granularity: { kind: 'auto' },
    steps: [],
    escaping: new Set(escaping),
    chains: new Map(measured.map((_, step) => [step, 'chain'])),
    measured: (step) => measured[step],
  })
  return measured.map((_, step) => why(step))
}
const took = (durationMs: number, keptBytes = 0, isWhole = false): Measured => ({
  durationMs,
  keptBytes,
  isWhole,
})

test('a step that was never measured ends a unit', () => {
  assert.deepEqual(reasons([undefined, took(1)]), ['not measured yet', null])
})

test('a unit goes on until the work since the last kept tree is worth more than keeping what it wrote', () => {
  assert.deepEqual(reasons([took(10), took(10), took(10), took(10)]), [
    null,
    null,
    'saves 0.0 s of work for 0.01 s',
    null,
  ])
  assert.deepEqual(reasons([took(30), took(30)]), [
    'saves 0.0 s of work for 0.01 s',
    'saves 0.0 s of work for 0.01 s',
  ])
})

test('what a tree stands on and is not kept yet is kept with it, and counts', () => {
  const large = 40_000_000
  assert.deepEqual(reasons([took(30, large), took(300), took(600)]), [
    null,
    null,
    'saves 0.9 s of work for 0.20 s',
  ])
})

test('where trees are kept whole, only the last one of a unit costs', () => {
  const bytes = 4_000_000
  assert.deepEqual(reasons([took(10, bytes, true), took(10, bytes, true), took(90, bytes, true)]), [
    null,
    null,
    'saves 0.1 s of work for 0.03 s',
  ])
})

test('a large tree that is kept already costs the steps after it nothing', () => {
  const large = 40_000_000
  assert.deepEqual(reasons([took(30, large), took(300)], [0]), [
    'asked for',
    'saves 0.3 s of work for 0.01 s',
  ])
})
