// nearest.test.ts — "did you mean".
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { editDistance, nameHint, nearest } from '../../../runtime/report/nearest.ts'

test('two neighbours that changed places are one mistake', () => {
  assert.equal(editDistance('bulid', 'build'), 1)
  assert.equal(editDistance('ca', 'ac'), 1)
  assert.equal(editDistance('', 'abc'), 3)
  assert.equal(editDistance('kitten', 'sitting'), 3)
})

test('the nearest name is found, whatever its case', () => {
  assert.equal(nearest('bulid', ['init', 'build', 'builds']), 'build')
  assert.equal(nearest('CONFIGUER', ['configure', 'make']), 'configure')
})

test('a name that resembles none is not guessed', () => {
  assert.equal(nearest('xyz', ['build', 'init']), undefined)
  assert.equal(nearest('a', ['init']), undefined)
})

test('without a near name the hint lists all there are', () => {
  assert.equal(
    nameHint('xyz', ['build', 'init'], (name) => `@${name}`),
    'There are: @build, @init.',
  )
  assert.equal(nameHint('xyz', []), 'There are none.')
})
