// error-text.test.ts — how errors are laid out.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { errorLines, positionText } from '../../../runtime/report/error-text.ts'
import { matchesGolden } from './golden.ts'
import { textOptions, wrongShape } from './sample-events.ts'

const SOURCE = `first\n\tindented(call)\n${'long '.repeat(60)}here\n   \nwide 漢字 here`
const options = { ...textOptions, readSource: () => SOURCE }
const at = (line: number, column: number, file = '/project/build.ts') => ({
  position: { file, line, column },
})

test('every form of an error is printed as the golden file says', () => {
  const errors = [
    new CodedError('TN6001', 'only a fact'),
    new CodedError('TN6001', 'a fact of\ntwo lines', { hint: 'do this' }),
    new CodedError('TN1001', 'a position with a tab before it', at(2, 11)),
    new CodedError('TN1001', 'a position far to the right', at(3, 301)),
    new CodedError('TN1001', 'a position behind wide characters', at(5, 9)),
    new CodedError('TN1001', 'a blank line', at(4, 1)),
    new CodedError('TN1001', 'a line that is not there', at(99, 1)),
    new CodedError('TN1001', 'a file elsewhere', at(1, 1, '/other/lib.ts')),
    new CodedError('TN9001', 'details', { details: ['one\ntwo', '', 'three'], hint: 'report it' }),
    wrongShape,
  ]
  const text = errors.map((error) => errorLines(error, options).join('\n') + '\n\n').join('')
  matchesGolden(join(import.meta.dirname, 'golden', 'errors.txt'), text)
})

test('a file that cannot be read leaves the position alone', () => {
  const lines = errorLines(new CodedError('TN1001', 'x', at(1, 1)), { ...options, readSource: () => null })
  assert.deepEqual(lines, ['error TN1001: x', '  build.ts:1:1'])
})

test('a path is shown relative only inside of the directory', () => {
  assert.equal(positionText({ file: '/a/b/c.ts', line: 1, column: 2 }, '/a'), 'b/c.ts:1:2')
  assert.equal(positionText({ file: '/ab/c.ts', line: 1, column: 2 }, '/a'), '/ab/c.ts:1:2')
})

test('a control character in a source line is not printed', () => {
  const lines = errorLines(new CodedError('TN1001', 'x', at(1, 3)), {
    ...options,
    readSource: () => 'a\u001b[31mb\u0007c',
  })
  assert(!lines.join('').includes('\u001b') && !lines.join('').includes('\u0007'))
})
