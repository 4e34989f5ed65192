// temporary-folder.test.ts — tests leave nothing in the temporary folder, and what was left by some that were killed goes.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from './temporary-folder.ts'

const MODULE = JSON.stringify(join(import.meta.dirname, 'temporary-folder.ts'))
/** Makes a folder with a read-only one in it, says so, and then does `last`. */
const makes = (last: string): string => `
  import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
  import { temporaryFolder } from ${MODULE}
  const folder = temporaryFolder('sub')
  mkdirSync(folder + '/deep')
  writeFileSync(folder + '/deep/file', '')
  chmodSync(folder + '/deep', 0o555)
  console.log('made')
  ${last}`
const argumentsOf = (last: string): readonly string[] => ['--input-type=module', '-e', makes(last)]
const WAIT = 'setInterval(() => {}, 1000)'

/** Where a process that is no part of this run has its temporary folder. */
function apart(): { readonly temporary: string; readonly env: NodeJS.ProcessEnv } {
  const temporary = temporaryFolder('apart')
  const { TENON_TEST_RUN: _run, NODE_TEST_CONTEXT: _context, ...env } = process.env
  return { temporary, env: { ...env, TMPDIR: temporary } }
}

test('a test process, and a run of several test files, leave nothing when they end, whether or not they succeed', () => {
  const { temporary, env } = apart()
  for (const last of ['', 'process.exit(1)', "throw new Error('no')"])
    assert.equal(spawnSync(process.execPath, argumentsOf(last), { env, encoding: 'utf8' }).stdout, 'made\n')
  assert.deepEqual(readdirSync(temporary), [])
  const tests = temporaryFolder('tests')
  for (const name of ['one', 'two'])
    writeFileSync(
      join(tests, `${name}.test.mjs`),
      `${makes('')}\nimport { test } from 'node:test'\ntest('fails', () => { throw new Error('no') })`,
    )
  const setup = join(import.meta.dirname, 'whole-run.ts')
  const run = spawnSync(process.execPath, ['--test', `--test-global-setup=${setup}`, join(tests, '*.mjs')], {
    env,
    encoding: 'utf8',
  })
  assert.match(run.stdout, /^ℹ fail 2$/m)
  assert.deepEqual(readdirSync(temporary), [])
})

test('what a killed process left goes when the next one starts; what a living one uses stays', async () => {
  const { temporary, env } = apart()
  const living = spawn(process.execPath, argumentsOf(WAIT), { env })
  await once(living.stdout, 'data')
  const [used] = readdirSync(temporary)
  const killed = spawn(process.execPath, argumentsOf(WAIT), { env })
  await once(killed.stdout, 'data')
  killed.kill('SIGKILL')
  await once(killed, 'close')
  assert.equal(readdirSync(temporary).length, 2)
  spawnSync(process.execPath, argumentsOf(''), { env })
  assert.deepEqual(readdirSync(temporary), [used])
  living.kill('SIGKILL')
  await once(living, 'close')
})
