// comparison.test.ts — what counts as worse than the last release.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compare, comparisonText } from '../../bench/measure/comparison.ts'
import type { Results } from '../../bench/measure/results.ts'
import type { Claim } from '../../bench/measure/row.ts'

const claim = (label: string, better: Claim['better'], value: number | null): Claim => ({
  label,
  unit: '×',
  better,
  target: null,
  value,
})
const run = (...claims: readonly Claim[]): Results => ({
  format: 1,
  at: '2026-01-02T03:04:05Z',
  machine: { cores: 2, processor: 'p', memoryGB: 1, kernel: 'k', node: '24', peers: {} },
  rows: [{ name: 'row', title: 'a row', figures: [], claims, failure: null }],
})
const labels = (changes: readonly { readonly claim: Claim }[]): readonly string[] =>
  changes.map((change) => change.claim.label)

test('a ratio is worse when it moved in its bad direction by more than the tolerance', () => {
  const before = run(claim('speed', 'higher', 10), claim('cost', 'lower', 2), claim('noise', 'higher', 10))
  const now = run(claim('speed', 'higher', 7), claim('cost', 'lower', 3), claim('noise', 'higher', 9))
  const comparison = compare(before, now, 0.25)
  assert.deepEqual(labels(comparison.worse), ['speed', 'cost'])
  assert.deepEqual(labels(comparison.unchanged), ['noise'])
  assert.deepEqual(comparison.better, [])
})

test('a ratio that moved in its good direction is better, however far', () => {
  const before = run(claim('speed', 'higher', 10), claim('cost', 'lower', 2))
  const now = run(claim('speed', 'higher', 40), claim('cost', 'lower', 0.1))
  const comparison = compare(before, now, 0.25)
  assert.deepEqual(labels(comparison.better), ['speed', 'cost'])
  assert.deepEqual(comparison.worse, [])
})

test('what one of the runs did not measure is named, not compared', () => {
  const before = run(claim('gone', 'higher', 10), claim('unmeasured', 'higher', 10))
  const now = run(claim('unmeasured', 'higher', null), claim('new', 'lower', 1))
  const comparison = compare(before, now, 0.25)
  assert.deepEqual(comparison.onlyBefore, ['row: gone', 'row: unmeasured'])
  assert.deepEqual(comparison.onlyNow, ['row: new'])
  assert.match(comparisonText(comparison), /not measured now:\n {2}row: gone\n {2}row: unmeasured/)
})

test('a worse ratio is printed with both values', () => {
  const text = comparisonText(
    compare(run(claim('speed', 'higher', 10)), run(claim('speed', 'higher', 5)), 0.25),
  )
  assert.equal(text, 'worse:\n  row: speed: 10.00 × → 5.00 ×')
})
