// target.test.ts — [file][#export][@step].
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { parseTarget } from '../../../runtime/cli/target.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

const root = temporaryFolder('target')
function touch(...files: string[]): void {
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), '')
  }
}
touch(
  'build.ts',
  'pkg.ts',
  'examples/quickstart/build.ts',
  'node_modules/@scope/lib/build.ts',
  'odd#name@x.ts',
)
touch('empty/.keep', 'others/release.ts', 'others/types.d.ts', 'nested/deep/.keep', 'nested/build.ts')

const parsed = (text: string, directory = root) => {
  const { file, exportName, step } = parseTarget(text, directory)
  return [file.slice(root.length + 1), exportName, step]
}
function refusal(text: string, directory = root): CodedError {
  try {
    parseTarget(text, directory)
  } catch (error) {
    assert(error instanceof CodedError)
    return error
  }
  throw new assert.AssertionError({ message: `${text} is accepted` })
}

test('each part has its default', () => {
  assert.deepEqual(parsed(''), ['build.ts', 'default', null])
  assert.deepEqual(parsed('#lib'), ['build.ts', 'lib', null])
  assert.deepEqual(parsed('@make'), ['build.ts', 'default', 'make'])
  assert.deepEqual(parsed('#lib@make'), ['build.ts', 'lib', 'make'])
  assert.deepEqual(parsed('pkg.ts'), ['pkg.ts', 'default', null])
  assert.deepEqual(parsed('pkg.ts#lib@inner/unpack'), ['pkg.ts', 'lib', 'inner/unpack'])
})

test('a directory is its build.ts', () => {
  assert.deepEqual(parsed('examples/quickstart'), ['examples/quickstart/build.ts', 'default', null])
  assert.deepEqual(parsed('examples/quickstart/#lib@x'), ['examples/quickstart/build.ts', 'lib', 'x'])
  assert.deepEqual(parsed('.', join(root, 'nested')), ['nested/build.ts', 'default', null])
})

test('a path may hold @ and # itself', () => {
  assert.deepEqual(parsed('node_modules/@scope/lib'), ['node_modules/@scope/lib/build.ts', 'default', null])
  assert.deepEqual(parsed('node_modules/@scope/lib#a@b'), ['node_modules/@scope/lib/build.ts', 'a', 'b'])
  assert.deepEqual(parsed('node_modules/@scope/lib@b'), ['node_modules/@scope/lib/build.ts', 'default', 'b'])
  assert.deepEqual(parsed('odd#name@x.ts'), ['odd#name@x.ts', 'default', null])
})

test('an export or step that is missing after its sign is refused', () => {
  for (const text of ['#', '@', 'pkg.ts#', 'pkg.ts@', 'pkg.ts#@x'])
    assert.equal(refusal(text).code, 'TN6010', text)
})

test('a file that is not there is refused with the nearest one', () => {
  for (const [text, meant] of [
    ['pgk.ts', 'pkg.ts'],
    ['examples/quikstart', 'examples/quickstart'],
    ['exmaples/quickstart', 'examples/quickstart'],
  ] as const) {
    const error = refusal(text)
    assert.equal(error.code, 'TN6011')
    assert.match(error.message, new RegExp(text))
    assert.equal(error.hint, `Did you mean ${meant}?`)
  }
})

test('a directory without build.ts is refused with what could be meant', () => {
  assert.match(refusal('examples').hint ?? '', /examples\/quickstart/)
  assert.equal(refusal('others').hint, 'Did you mean others/release.ts?')
  assert.match(refusal('', join(root, 'nested/deep')).hint ?? '', /further up: \.\.\/build\.ts/)
})

test('what Tenon suggests repeats the target as it was written', () => {
  assert.equal(parseTarget('examples/quickstart#default@make', root).text, 'examples/quickstart#default')
  assert.equal(parseTarget('@make', root).text, '')
})
