// typetests.test.ts — the cases in typetests/: what compiles, what does not, and the words the compiler says then.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, it } from 'node:test'

const root = resolve(import.meta.dirname, '..')
const folder = join(root, 'typetests')

interface Place {
  readonly file: string
  readonly line: number
}
interface Expected extends Place {
  readonly pattern: RegExp
}
interface Found extends Place {
  readonly message: string
}

/** `//! regex` says that the next line fails with a message that matches; several stand for several errors. */
function expectations(file: string): readonly Expected[] {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n')
  return lines.flatMap((text, i) => {
    const pattern = /^\s*\/\/! (.+)$/.exec(text)?.[1]
    if (pattern === undefined) return []
    let next = i + 1
    while (/^\s*\/\/!/.test(lines[next] ?? '')) next++
    return [{ file, line: next + 1, pattern: new RegExp(pattern) }]
  })
}

function compile(): readonly Found[] {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const args = [tsc, '-p', 'typetests', '--pretty', 'false', '--noErrorTruncation']
  const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  const found: { file: string; line: number; message: string }[] = []
  for (const text of stdout.split('\n')) {
    const [, file, line, message] = /^(\S+?)\((\d+),\d+\): error (.*)$/.exec(text) ?? []
    if (file !== undefined)
      found.push({ file: file.replace(/^typetests\//, ''), line: Number(line), message: String(message) })
    else if (found.length > 0 && text.startsWith(' ')) found[found.length - 1]!.message += `\n${text}` // ! length checked
  }
  return found
}

const found = compile()
const files = globSync('*.ts', { cwd: folder }).toSorted()
const expected = files.flatMap(expectations)
const at = (one: Place, other: Place): boolean => one.file === other.file && one.line === other.line

describe('the compiler', () => {
  for (const expectation of expected)
    it(`refuses ${expectation.file}:${expectation.line} with ${expectation.pattern.source}`, () => {
      const messages = found.filter((error) => at(error, expectation)).map(({ message }) => message)
      assert.ok(messages.length > 0, 'the line compiles')
      assert.ok(
        messages.some((message) => expectation.pattern.test(message)),
        `it says:\n${messages.join('\n')}`,
      )
    })

  for (const file of files)
    it(`accepts all else in ${file}`, () => {
      const others = found.filter((error) => error.file === file && !expected.some((each) => at(each, error)))
      assert.deepEqual(others, [])
    })

  it('finds nothing wrong in the library itself', () => {
    assert.deepEqual(
      found.filter(({ file }) => !files.includes(file)),
      [],
    )
  })
})
