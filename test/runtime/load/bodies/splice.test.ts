// splice.test.ts — what stays of a spliced text keeps its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { blanksBetween, splice } from '../../../../runtime/load/bodies/splice.ts'

test('text after a shorter replacement keeps its line and column', () => {
  assert.equal(splice('ab(cdef)g', [{ start: 3, end: 7, text: 'x' }]), 'ab(x   )g')
  assert.equal(splice('a{\n  b\n  }c', [{ start: 2, end: 9, text: 'x' }]), 'a{x\n\n  }c')
})

test('blanking all but some ranges leaves each of their characters where it was', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '(', '\n', ' '), minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(text, fc.nat(39), fc.nat(39), (source, a, b) => {
      const [start, end] = [Math.min(a, b, source.length), Math.min(Math.max(a, b), source.length)]
      const blanked = splice(source, blanksBetween(source, [{ start, end }]))
      const expected = source.replaceAll(/[^\n]/g, (char, at: number) =>
        at >= start && at < end ? char : ' ',
      )
      assert.deepEqual(linesOf(blanked), linesOf(expected))
    }),
  )
})

test('overlapping edits are an error', () => {
  const edits = [
    { start: 0, end: 2, text: '' },
    { start: 1, end: 3, text: '' },
  ]
  assert.throws(() => splice('abc', edits), /edits overlap at 1/)
})

/** Blanks at the end of a line move nothing. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.trimEnd())
}
