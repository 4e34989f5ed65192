// exit-code.test.ts — what scripts can tell apart.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { exitCodeOf, exitCodeOfFailures } from '../../../../runtime/cli/process/exit-code.ts'

const error = (number: number): CodedError => new CodedError(`TN${number}`, 'x')

test('each range of codes has the exit code that ARCHITECTURE.md gives it', () => {
  const expected: readonly (readonly [number, number])[] = [
    [1000, 3],
    [2000, 3],
    [2499, 3],
    [2500, 1],
    [2999, 1],
    [3000, 1],
    [4000, 1],
    [4899, 1],
    [4900, 4],
    [4949, 4],
    [4950, 69],
    [4999, 69],
    [5000, 1],
    [6000, 2],
    [6999, 2],
    [7000, 70],
    [9001, 70],
  ]
  for (const [number, exit] of expected) assert.equal(exitCodeOf(error(number)), exit, String(number))
})

test('a code that is none counts as a bug', () => {
  assert.equal(exitCodeOf(new CodedError('XX', 'x')), 70)
})

test('failures that differ are step failures; those that agree keep their own exit code', () => {
  assert.equal(exitCodeOfFailures([error(4950), error(4951)]), 69)
  assert.equal(exitCodeOfFailures([error(4950), error(3000)]), 1)
  assert.equal(exitCodeOfFailures([error(3000)]), 1)
})
