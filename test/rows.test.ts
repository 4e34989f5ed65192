// rows.test.ts — docs/rows.md is true: every behaviour has tests, and each test that it names exists. What they prove is theirs.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')

interface Row {
  readonly id: string
  readonly behaviour: string
  readonly file: string
  readonly test: string
}

const rows: readonly Row[] = readFileSync(join(ROOT, 'docs/rows.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-Z]\d\d \|/.test(line))
  .map((line) => {
    const [id = '', behaviour = '', file = '', ...words] = line.slice(2, -2).split(' | ')
    return { id, behaviour: behaviour.trim(), file, test: words.join(' | ') }
  })

test('every test that docs/rows.md names exists', () => {
  const missing = rows.filter(({ file, test: name }) => {
    if (!existsSync(join(ROOT, file))) return true
    const text = readFileSync(join(ROOT, file), 'utf8')
    // A test's name is a literal in its file, or the key of a table of cases there; a type test's is its comment.
    return file.startsWith('typetests/')
      ? !text.includes(`//! ${name}\n`)
      : !["'", '"', '`'].some((quote) => text.includes(quote + name + quote))
  })
  assert.deepEqual(missing, [])
})

test('docs/rows.md is sorted, and names and describes each behaviour once', () => {
  const ids = rows.map(({ id }) => id)
  const groups = [...new Set(ids.map((id) => id.charAt(0)))]
  const order = (id: string): string => String(groups.indexOf(id.charAt(0))) + id
  assert.deepEqual(
    ids,
    ids.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0)),
  )
  const described = rows.filter(({ behaviour }) => behaviour !== '').map(({ id }) => id)
  assert.deepEqual(described, [...new Set(ids)])
  assert.ok(described.length > 40)
})
