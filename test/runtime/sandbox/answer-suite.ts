// answer-suite.ts — what every rung tells of a step that ended by itself: its exit code, or its answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import type { SandboxFixture } from './sandbox-fixture.ts'

export function answers(rung: Rung, fixture: SandboxFixture): void {
  const { sh, node } = fixture.on(rung)

  for (const code of [1, 2, 255, 137])
    test(`a script's exit code ${code} is reported as it is`, async () => {
      assert.deepEqual((await sh(`exit ${code}`)).exit, { kind: 'exited', code })
    })
  for (const code of [1, 3, 255, 137])
    test(`a module's exit code ${code} is reported as it is`, async () => {
      assert.deepEqual((await node(`process.exit(${code})`)).exit, { kind: 'exited', code })
    })
  test('a script stops at its first failing command and at an unset variable', async () => {
    const failing = await sh('false; echo not reached')
    assert.deepEqual([failing.exit, failing.log], [{ kind: 'exited', code: 1 }, ''])
    assert.equal((await sh('echo "$nope"')).exit.kind, 'exited')
  })

  test('standard input is empty', async () => {
    assert.deepEqual(
      (await sh('if read -r line; then output got "$line"; else output got nothing; fi')).document,
      { got: 'nothing' },
    )
  })

  test('a step that exits with 0 and answers nothing is told apart', async () => {
    assert.deepEqual((await node('process.exit(0)')).exit, { kind: 'no-answer' })
  })
  for (const [what, body, code] of [
    ['a link', 'fs.symlinkSync("/etc/passwd", response)', 'TN3012'],
    ['a folder', 'fs.mkdirSync(response)', 'TN3012'],
    ['over 64 MB', 'fs.writeFileSync(response, ""); fs.truncateSync(response, 70000000)', 'TN3013'],
    ['not UTF-8', 'fs.writeFileSync(response, Buffer.from([0x22, 0xff, 0x22]))', 'TN3014'],
  ] as const)
    test(`a response that is ${what} is refused`, async () => {
      const step = `const response = process.argv[1].replace(/[^/]*$/, 'out/response.json'); ${body}; process.exit(0)`
      await assert.rejects(node(step), { code })
    })
  test('a response that is a pipe is refused, not waited for', async () => {
    await assert.rejects(sh('mkfifo "$response"'), { code: 'TN3012' })
  })
}
