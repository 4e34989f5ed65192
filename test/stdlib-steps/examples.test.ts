// examples.test.ts — examples build from the command line, as their READMEs say. What compiles for long is in examples.slow.ts.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { built, helloMirror, tenon } from './example-builds.ts'

test('quickstart makes a tarball whose program works, and a second build gives the same', async () => {
  const document = await built('examples/quickstart')
  const { file, ...rest } = document
  assert.match(String(file), /\/store\/[a-z0-9]{32}-mdtoc-file$/)
  assert.deepEqual(rest, {
    name: 'mdtoc',
    version: '1.2.0',
    fileName: 'mdtoc-1.2.0.tgz',
    prints: '- [Tenon](#tenon)\n  - [Steps](#steps)\n  - [Chains](#chains)',
  })
  assert.deepEqual(await built('examples/quickstart'), document)
})

test('GNU hello is patched, built, tested, installed and run', async (t) => {
  const hello = await helloMirror()
  if ('lacks' in hello) return t.skip(hello.lacks)
  const { mirror } = hello
  const { prefix, stdout } = await built('examples/gnu-hello', ...mirror)
  assert.equal(stdout, 'Hello from Tenon: every step fits the next!')
  const run = await tenon('run', 'examples/gnu-hello', ...mirror, '--', '--traditional')
  assert.deepEqual([run.exitCode, run.stdout], [0, 'hello, world\n'], run.stderr)
  const { exitCode } = await tenon('log', 'examples/gnu-hello@check')
  assert.equal(exitCode, 0)
  assert.match(String(prefix), /\/store\/[a-z0-9]{32}-hello-prefix$/)
})
