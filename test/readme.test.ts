// readme.test.ts — what the pages for users show is what is there.
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

const ROOT = dirname(import.meta.dirname)
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

test("README's example is the build file of examples/gnu-hello", () => {
  const [, shown] = /```ts\n([^]*?)```/.exec(read('README.md')) ?? []
  const [, ...code] = read('examples/gnu-hello/build.ts').split('\n')
  assert.equal(shown, code.join('\n'))
})

test('links between pages lead somewhere', () => {
  const pages = globSync(['*.md', 'docs/**/*.md', 'examples/*/README.md'], { cwd: ROOT })
  const lost = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => !existsSync(join(ROOT, dirname(page), link)))
      .map((link) => `${page} → ${link}`),
  )
  assert.deepEqual(lost, [])
})

test('every page of docs is in its index', () => {
  const index = read('docs/README.md')
  const pages = globSync('*.md', { cwd: join(ROOT, 'docs') }).filter((page) => page !== 'README.md')
  assert.deepEqual(
    pages.filter((page) => !index.includes(`](${page})`)),
    [],
  )
})
