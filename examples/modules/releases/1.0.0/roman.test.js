// roman.test.js — the program's own tests.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { roman } from './roman.js'

test('letters add up', () => {
  assert.equal(roman(2026), 'MMXXVI')
  assert.equal(roman(4), 'IIII')
})
