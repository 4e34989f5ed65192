// amounts.test.ts — durations, sizes and counts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countText, durationText, sizeText } from '../../../runtime/report/amounts.ts'

test('a duration never shows 60 of a unit', () => {
  const expected: readonly (readonly [number, string])[] = [
    [0, '0.0 s'],
    [49, '0.0 s'],
    [12_345, '12.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min 00 s'],
    [119_999, '2 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [3_720_000, '1 h 02 min'],
  ]
  for (const [ms, text] of expected) assert.equal(durationText(ms), text)
})

test('a size is shown in the unit that fits', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 5 * 1024 ** 3].map(sizeText), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '5.0 GiB',
  ])
})

test('a count agrees with its noun', () => {
  assert.deepEqual(
    [0, 1, 2].map((n) => countText(n, 'step')),
    ['0 steps', '1 step', '2 steps'],
  )
})
