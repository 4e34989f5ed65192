// unexpected.test.ts — exceptions that nobody planned for.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { CodedError } from '../../../../dsl/plan/coded-error.ts'
import { asCodedError } from '../../../../runtime/cli/process/unexpected.ts'

test('a coded error stays as it is', () => {
  const error = new CodedError('TN6001', 'x')
  assert.equal(asCodedError(error), error)
})

test('a bug is told with its stack, its causes and how to report it', () => {
  const error = asCodedError(new TypeError('x is undefined', { cause: new Error('the root of it') }))
  assert.equal(error.code, 'TN9001')
  assert.match(error.message, /TypeError: x is undefined/)
  assert(error.details.some((line) => line.includes('unexpected.test.ts')))
  assert(error.details.some((line) => line.includes('the root of it')))
  assert.match(error.hint ?? '', /report/)
})

test('what is thrown need not be an error', () => {
  assert.match(asCodedError('just text').message, /just text/)
  assert.equal(asCodedError(undefined).code, 'TN9001')
})

test('a refusal of the operating system is no bug of ours', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' })
  const error = asCodedError(full)
  assert.equal(error.code, 'TN5990')
  assert.match(error.message, /no space left/)
})

test('a file that is missing where it must be is a bug of ours', () => {
  let thrown: unknown
  try {
    readFileSync('/nonexistent/x')
  } catch (error) {
    thrown = error
  }
  assert.equal(asCodedError(thrown).code, 'TN9001')
})
