// examples.slow.ts — examples that compile for long, and what runs again after an edit.
import assert from 'node:assert/strict'
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { built, hasCommands, helloMirror, home, ROOT, tenon } from './example-builds.ts'

test('GNU hello again starts no process and says so; a comment runs nothing, and an edit of the patch runs what follows it', async (t) => {
  const hello = await helloMirror()
  if ('lacks' in hello) return t.skip(hello.lacks)
  const { mirror } = hello
  const unchanged = /^nothing to do: 9 steps found in the store, no process started\n$/
  await built('examples/gnu-hello', ...mirror)
  const again = await tenon('build', 'examples/gnu-hello', '--no-link', ...mirror)
  assert.match(again.stderr, unchanged)

  // A checkout elsewhere has the same keys: only the patch is read there for the first time.
  const copy = join(home, 'gnu-hello')
  const isSource = (path: string): boolean => !/\/result(-|$)/.test(path)
  cpSync(join(ROOT, 'examples/gnu-hello'), copy, { recursive: true, filter: isSource })
  symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'))
  const elsewhere = await tenon('build', copy, '--no-link', ...mirror)
  assert.deepEqual([elsewhere.exitCode, elsewhere.stdout], [0, again.stdout], elsewhere.stderr)
  assert.match(
    elsewhere.stderr,
    /^local-file@local-file: started\n.*\ndone: 1 step ran, 8 found in the store/,
  )
  const build = join(copy, 'build.ts')
  writeFileSync(
    build,
    `// A comment.\n${readFileSync(build, 'utf8').replaceAll('\n  ', '\n\n  /* another */ ')}`,
  )
  assert.match((await tenon('build', copy, '--no-link', ...mirror)).stderr, unchanged)

  const patch = join(copy, 'greeting.patch')
  writeFileSync(patch, readFileSync(patch, 'utf8').replaceAll('every step fits the next', 'edited'))
  writeFileSync(build, readFileSync(build, 'utf8').replace('every step fits the next', 'edited'))
  const edited = await tenon('build', copy, '--no-link', '--granularity', 'split', ...mirror)
  assert.equal(edited.exitCode, 0, edited.stderr)
  const ran = [...edited.stderr.matchAll(/^hello@(\S+): ran in/gm)].map(([, step]) => step)
  assert.deepEqual(ran, ['patch', 'configure', 'make', 'check', 'install', 'run'])
  assert.match(edited.stdout, /Hello from Tenon: edited!/)
})

test('a program of one package links the library of another', async (t) => {
  if (!hasCommands('cc')) return t.skip('this machine has no C compiler')
  const { exitCode, stdout, stderr } = await tenon('build', 'examples/sqlite', '--no-link')
  if (exitCode === 69)
    return t.skip(`the npm registry cannot be reached: ${stderr.trim().split('\n').at(-1)}`)
  assert.equal(exitCode, 0, stderr)
  assert.match(stdout, /SQLite 3\.53\.2\\nAfrica \| Nile \| 6650\\n/)
})
