// property.test.ts — the line of one member of a call's arguments: where it is written, and never another.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PropertyPath, SourcePosition } from '../../../../dsl/plan/plan.ts'
import { memberAt } from '../../../../runtime/load/planning/property.ts'
import { temporaryFolder } from '../../../temporary-folder.ts'

const folder = temporaryFolder('property')
let count = 0

function markIn(text: string, mark: string): Omit<SourcePosition, 'file'> | null {
  const at = text.indexOf(mark)
  if (at < 0) return null
  const lines = text.slice(0, at + mark.length).split('\n')
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 }
}

/** Looks `path` up from the comment `call`: it must come to the comment `here`, or to the call when there is none. */
function finds(text: string, path: PropertyPath): void {
  const file = join(folder, `${count++}.ts`)
  const source = `import { mkDefault, mkForce as force, mkIf } from 'tenon'\n${text}`
  writeFileSync(file, source)
  const call = markIn(source, '/*call*/')
  assert.ok(call)
  const expected = markIn(source, '/*here*/') ?? call
  assert.deepEqual(memberAt({ file, ...call }, path), { file, ...expected }, text)
}
const VERSION = [0, 'config', 'version'] as const

test('a member of an object literal, at any depth, under any kind of name', () => {
  finds("/*call*/defineModule({\n  config: {\n    /*here*/version: '1',\n  },\n})", VERSION)
  finds("/*call*/defineModule({ config: { /*here*/'version': '1' } })", VERSION)
  finds('hello./*call*/extend({\n config: {\n docs: {\n /*here*/enable: true } } })', [
    0,
    'config',
    'docs',
    'enable',
  ])
  finds("/*call*/definePackage('x', {\n  options: { /*here*/a: option(z.string()) } })", [1, 'options', 'a'])
  finds("/*call*/defineModule({ config: { /*here*/version() { return '1' } } })", VERSION)
  finds('/*call*/defineModule({ warnings: [\n{ when },\n/*here*/{ when }] })', [0, 'warnings', 1])
})

test('of calls that are chained, the one that is meant', () => {
  const chained = (one: string, two: string): string =>
    `hello\n  ${one}extend({ config: { ${one === '/*call*/' ? '/*here*/' : ''}version: '1' } })\n` +
    `  .${two}extend({ config: { ${two === '/*call*/' ? '/*here*/' : ''}version: '2' } })`
  finds(chained('./*call*/'.slice(1), ''), VERSION)
  finds(chained('.', '/*call*/'), VERSION)
})

test('past functions that give it, weights, assertions of types', () => {
  finds('/*call*/defineModule({ config: ({ config }) => ({ /*here*/version: () => config.x }) })', VERSION)
  finds(
    "/*call*/defineModule({ config: function () { const a = 1\n return { /*here*/version: '1' } } })",
    VERSION,
  )
  finds("/*call*/defineModule({ config: mkIf(() => true, { /*here*/version: '1' }) })", VERSION)
  finds("/*call*/defineModule({ config: { /*here*/version: mkDefault(() => 'x') } })", VERSION)
  finds("/*call*/defineModule({ config: force({ /*here*/version: '1' } as const) })", VERSION)
  finds("/*call*/defineModule(({ config: { /*here*/version: '1' } }) satisfies object)", VERSION)
  finds('hello./*call*/extend((before) => ({ config: { /*here*/version: before.name } }))', VERSION)
})

test('past constants of the file', () => {
  finds("const config = {\n  /*here*/version: '1' }\n/*call*/defineModule({ config })", VERSION)
  finds("const mine = { config: { /*here*/version: '1' } }\n/*call*/defineModule(mine)", VERSION)
})

test('what stands elsewhere, or might, leads to the innermost place that is sure', () => {
  const isConfig = (config: string, before = ''): void =>
    finds(`${before}\n/*call*/defineModule({ /*here*/config: ${config} })`, VERSION)
  isConfig('settings()')
  isConfig('imported', "import { imported } from './other.ts'")
  isConfig('{ ...common }')
  isConfig("{ version: '1', ...common }")
  isConfig("{ version: '1', [name]: '2' }")
  isConfig("on ? { version: '1' } : { version: '2' }")
  isConfig("() => { if (on) return { version: '1' }\n return { version: '2' } }")
  isConfig("mkIf(true, { version: '1' })", 'function f(mkIf) {}')
  isConfig("mine({ version: '1' })")
  isConfig("{ other: '1' }")
  isConfig('changing', "let changing = { version: '1' }")
  isConfig('made', "const made = { version: '1' }\nmade.version = '2'")
  isConfig('made', "const made = { version: '1' }\nObject.assign(made, other)")
  isConfig('twice', "const twice = { version: '1' }\nfunction f(twice) {}")
})

test('a member that stands after what is spread is the one that counts', () => {
  finds("/*call*/defineModule({ config: { ...common, /*here*/version: '1' } })", VERSION)
  finds("/*call*/defineModule({ config: { version: '0', /*here*/version: '1' } })", VERSION)
})

test('without anything sure it is the call', () => {
  finds('/*call*/defineModule(definition)', VERSION)
  finds('/*call*/defineModule(...all)', VERSION)
  finds("/*call*/definePackage(...all, { config: { version: '1' } })", [1, 'config', 'version'])
  finds('all.map(/*call*/defineModule)', VERSION)
  finds('const loop = loop\n/*call*/defineModule(loop)', VERSION)
  assert.deepEqual(memberAt({ file: '/nowhere.ts', line: 3, column: 4 }, VERSION), {
    file: '/nowhere.ts',
    line: 3,
    column: 4,
  })
})
