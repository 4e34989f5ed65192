// terminal-text.test.ts — text that fits and does no harm.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnsOf, padColumns, truncate, visibleText } from '../../../runtime/report/terminal-text.ts'

test('of a progress line only what follows the last carriage return is visible', () => {
  assert.equal(visibleText('10 %\r50 %\r100 %\r'), '100 %')
})

test('every control character and sequence is removed', () => {
  for (let code = 0; code < 0xa0; code++) {
    const text = visibleText(`a${String.fromCharCode(code)}b`)
    assert(!/\p{Cc}/u.test(text), `control ${code}`)
  }
  assert.equal(visibleText('\u001b]8;;https://x.org\u0007link\u001b]8;;\u0007'), 'link')
})

test('characters that turn the reading direction are removed', () => {
  assert.equal(visibleText('a\u202eb\u2066c'), 'abc')
})

test('wide characters count two columns, combining ones none', () => {
  assert.equal(columnsOf('abc'), 3)
  assert.equal(columnsOf('漢字'), 4)
  assert.equal(columnsOf('🔨'), 2)
  assert.equal(columnsOf('e\u0301'), 1)
  assert.equal(columnsOf('✓ ━ é'), 5)
})

test('what is cut never takes more columns than there are', () => {
  for (const text of ['plain text', '漢字漢字', 'a漢b字c', '🔨🔨🔨', ''])
    for (let columns = 0; columns < 12; columns++) {
      const cut = truncate(text, columns)
      assert(columnsOf(cut) <= columns, `${text} in ${columns}`)
      if (columnsOf(text) <= columns) assert.equal(cut, text)
    }
})

test('padding counts columns, not characters', () => {
  assert.equal(padColumns('漢', 4), '漢  ')
  assert.equal(padColumns('long', 2), 'long')
})
