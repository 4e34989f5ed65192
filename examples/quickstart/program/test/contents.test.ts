// contents.test.ts — run by the build itself, in its sandbox.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { tableOfContents } from '../src/contents.ts'

test('headings become nested links', () => {
  const markdown = '# One\n\ntext\n\n## Two words\n### Deep ###\n# Last\n'
  assert.equal(
    tableOfContents(markdown, 6),
    '- [One](#one)\n  - [Two words](#two-words)\n    - [Deep](#deep)\n- [Last](#last)\n',
  )
})

test('deeper headings are left out', () => {
  assert.equal(tableOfContents('# One\n## Two\n', 1), '- [One](#one)\n')
})

test('what looks like a heading in fenced code is none', () => {
  assert.equal(tableOfContents('# One\n```sh\n# comment\n```\n', 6), '- [One](#one)\n')
})

test('equal headings get different anchors, as on GitHub', () => {
  assert.equal(tableOfContents('## A\n## A\n', 6), '- [A](#a)\n- [A](#a-1)\n')
})

test('a text without headings has an empty table', () => {
  assert.equal(tableOfContents('nothing here\n', 6), '')
})
