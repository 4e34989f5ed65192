// run-program.test.ts — a built program runs on the user's machine, with the store where it expects it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { hasOwnRoot } from '../../../runtime/sandbox/rung/rung.ts'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { SandboxFixture } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
const SOURCE = new URL('../../../runtime/sandbox/run-program.ts', import.meta.url).pathname
const OBJECT = '/tenon/store/0123456789abcdfghijklmnpqrsvwxyz-program'
const DATA = '/tenon/store/zyxwvsrqpnmlkjihgfdcba9876543210-data'
const physical = join(fixture.home, 'program')
const data = join(fixture.home, 'data')
mkdirSync(join(physical, 'bin'), { recursive: true })
writeFileSync(data, 'data\n')

/** The command line does the same: standard streams are the caller's. */
function run(
  rung: string,
  script: string,
  options: { readonly args?: readonly string[]; readonly input?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  const file = join(physical, 'bin/program')
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  const inputs = [
    { path: OBJECT, physical },
    { path: DATA, physical: data },
  ]
  const request = {
    rung,
    home: fixture.home,
    inputs,
    command: `${OBJECT}/bin/program`,
    args: options.args ?? [],
  }
  const program = `const { runProgram } = await import(${JSON.stringify(SOURCE)}); process.exitCode = await runProgram(${JSON.stringify(request)})`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    cwd: fixture.home,
    input: options.input ?? '',
  })
}

for (const { rung, works, reason } of await probeRungs(fixture.home))
  describe(`on the ${rung} rung`, { skip: works ? false : `it does not work here: ${reason ?? ''}` }, () => {
    test('the exit code is the program’s', () => {
      assert.equal(run(rung, 'exit 56').status, 56)
      assert.equal(run(rung, 'exit 0').status, 0)
    })
    test('a program ended by a signal gives 128 and its number', () => {
      assert.equal(run(rung, 'kill -TERM $$').status, 143)
    })
    test('arguments and standard input reach it as they are', () => {
      const { stdout } = run(rung, 'printf "<%s>" "$@"; cat', {
        args: ['a b', '', "it's", '--', '*'],
        input: 'typed',
      })
      assert.equal(stdout, "<a b><><it's><--><*>typed")
    })
    test('it runs as the user, in the user’s folder, and sees the machine', () => {
      const { stdout } = run(rung, `id -u; pwd; cat ${join(fixture.home, 'data')}; ls -d /proc/self`)
      assert.equal(stdout, `${process.getuid?.()}\n${fixture.home}\ndata\n/proc/self\n`)
    })
    test(
      'it finds its files at their store paths',
      { skip: hasOwnRoot(rung) ? false : `the ${rung} rung can mount nothing` },
      () => {
        const { stdout, stderr } = run(
          rung,
          `cat ${DATA}; echo "$0"; ls /tenon/store | wc -l; { echo x >${DATA}; } 2>/dev/null || echo unchanged`,
        )
        assert.equal(stdout, `data\n${OBJECT}/bin/program\n2\nunchanged\n`, stderr)
      },
    )
    test('nothing is left on the machine', () => {
      run(rung, 'exit 0')
      assert(!existsSync('/tenon/store') || readdirSync('/tenon/store').length === 0)
      assert.deepEqual(
        readdirSync(join(fixture.home, 'cache')).filter((name) => name.startsWith('run-')),
        [],
      )
    })
  })
