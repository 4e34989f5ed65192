// statistics.test.ts — the middle of samples, and ratios of them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { median, ratioOf } from '../../bench/measure/statistics.ts'

test('the median is the middle sample, or half way between the two in the middle', () => {
  assert.equal(median([9, 1, 100]), 9)
  assert.equal(median([4, 1, 2, 100]), 3)
  assert.throws(() => median([]), /no samples/)
})

test('the median lies between the least and the most, in whatever order the samples come', () => {
  const samples = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 })
  fc.assert(
    fc.property(samples, (values) => {
      const middle = median(values)
      assert.ok(middle >= Math.min(...values) && middle <= Math.max(...values))
      assert.equal(middle, median(values.toReversed()))
    }),
  )
})

test('a round in which the whole machine was slow does not change a ratio', () => {
  assert.equal(ratioOf([20, 200, 22], [10, 100, 11]), 2)
})

test('without a partner for each sample, the medians are divided', () => {
  assert.equal(ratioOf([10, 20, 30], [5]), 4)
})
