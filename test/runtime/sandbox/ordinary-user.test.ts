// ordinary-user.test.ts — the same suite as another user, when the tests run as root: the sandbox must need no right.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { accessSync, chownSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../temporary-folder.ts'

const NOBODY = 65534

/** Why the suite can't run as nobody; false when it can. */
function obstacle(): string | false {
  if (process.getuid?.() !== 0) return 'the whole run is as an ordinary user already'
  for (let folder = import.meta.dirname; folder !== '/'; folder = dirname(folder))
    if ((statSync(folder).mode & 0o005) !== 0o005) return `others may not read ${folder}`
  accessSync(process.execPath)
  return false
}

test('every rung does and isolates the same for an ordinary user', { skip: obstacle() }, () => {
  const temporary = temporaryFolder('nobody')
  chownSync(temporary, NOBODY, NOBODY)
  const suite = join(import.meta.dirname, 'conformance.test.ts')
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--test', '--test-reporter=tap', suite], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: temporary,
    env: {
      PATH: process.env['PATH'],
      HOME: temporary,
      TMPDIR: temporary,
      TENON_TEST_RUN: temporary,
      TENON_TEST_USER: 'another',
    },
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const failed = stdout.split('\n').filter((line) => /^\s*not ok /.test(line))
  assert.deepEqual([status, failed], [0, []], stdout.slice(-4000) + stderr)
  assert(Number(/^# pass (\d+)$/m.exec(stdout)?.[1]) > 30, 'few tests ran')
})
