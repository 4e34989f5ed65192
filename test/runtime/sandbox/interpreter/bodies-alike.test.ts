// bodies-alike.test.ts — one body, two interpreters: node and quickjs give the same documents, files and failures.
import assert from 'node:assert/strict'
import {
  lstatSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  mkdirSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { Files } from '../../../../dsl/step/files.ts'
import { files as nodeFiles } from '../../../../runtime/sandbox/interpreter/node-files.ts'
import type { files as quickjsFiles } from '../../../../runtime/sandbox/quickjs/files.ts'
import { placeholderPath } from '../../../../dsl/plan/placeholder.ts'
import { probeRungs } from '../../../../runtime/sandbox/rungs.ts'
import { NO_QUICKJS, PREFIX, type Ran, SandboxFixture, type StepChoice } from '../sandbox-fixture.ts'

const fixture = new SandboxFixture()
const { rung } = (await probeRungs(fixture.home)).find(({ works }) => works) ?? { rung: 'plain' }

// What bodies are promised is what they get.
nodeFiles satisfies Files
null as unknown as typeof quickjsFiles satisfies Files

for (const interpreter of ['node', 'quickjs'] as const)
  describe(`in ${interpreter}`, { skip: interpreter === 'quickjs' && NO_QUICKJS }, () => {
    const run = (body: string, choice?: StepChoice): Promise<Ran> =>
      fixture.on(rung)[interpreter](body, choice)
    documents(run)
    commands(run)
    files(run)
    failures(run)
  })

type Run = (body: string, choice?: StepChoice) => Promise<Ran>

function documents(run: Run): void {
  test('input, params, captures, output paths and platform are as requested', async () => {
    const input = {
      text: 'ä\u2028\n"\\😀\0',
      deep: [{ n: null }],
      number: 1e21,
      tiny: 5e-324,
      long: 0.1 + 0.2,
    }
    const { document } = await run(
      'return { input, params, captures, out, platform, placeholder: placeholder("prefix") }',
      { input, params: { a: [1] }, captures: { c: 'x' } },
    )
    assert.deepEqual(document, {
      input,
      params: { a: [1] },
      captures: { c: 'x' },
      out: { prefix: PREFIX },
      platform: { os: 'linux', arch: 'x64' },
      placeholder: placeholderPath('chain', 'prefix'),
    })
  })
  test('a document of 500 levels comes back, and one of more is refused', async () => {
    const nested = (levels: number): string =>
      `let value = []; for (let i = 1; i < ${levels}; i++) value = [value]; return value`
    const { exit } = await run(nested(500))
    assert.deepEqual(exit, { kind: 'answered', response: '['.repeat(500) + ']'.repeat(500) })
    assert.match((await run(nested(501))).log, /nested deeper than 500 levels/)
  })
  for (const [value, said] of [
    ['{ a: { b: NaN } }', 'at /a/b is NaN'],
    ['{ a: [1, undefined] }', 'at /a/1 is undefined'],
    ['{ a: new Map() }', 'at /a is a Map instance'],
    ['{ a: new Date(0) }', 'at /a is a Date instance'],
    ['{ a: 1n }', 'at /a is a bigint'],
    ['{ "x/y": -0 }', 'at /x~1y is -0'],
    ['{ a: "\\ud800" }', 'at /a is a string with a lone surrogate'],
    ['undefined', 'is undefined'],
    ['{ a: () => 1 }', 'at /a is a function'],
  ] as const)
    test(`${value} fails the step and says where`, async () => {
      const { exit, log } = await run(`return ${value}`)
      assert.deepEqual(exit, { kind: 'exited', code: 1 })
      assert.equal(log, `the output of step 'chain@step' ${said}, which JSON cannot carry\n`)
    })
}

function commands(run: Run): void {
  test('commands and log lines are in the log in the order they happened', async () => {
    const { log, document } = await run(
      'log("before"); const { stdout } = await $`printf ${"a b"}`; log("after"); console.log("said"); return { stdout }',
      { commands: ['printf'] },
    )
    assert.equal(log, 'before\n$ printf "a b"\na bafter\nsaid\n')
    assert.deepEqual(document, { stdout: 'a b' })
  })
  test('each value is one argument, a list several; output keeps its bytes and loses its last newline', async () => {
    const { document, log } = await run(
      `const { stdout, exitCode } = await $\`printf ${String.raw`%s\\n`} \${['ä 😀', '', '$x']} \${1}\`
      return { stdout, exitCode }`,
      { commands: ['printf'] },
    )
    assert.deepEqual(document, { stdout: 'ä 😀\n\n$x\n1', exitCode: 0 })
    assert(log.endsWith('ä 😀\n\n$x\n1\n'))
  })
  test('$.in runs elsewhere, relative to where it is', async () => {
    const { document } = await run(
      'files.makeDirectory("a/b"); return { at: (await $.in("a").in("b")`pwd`).stdout.slice(-4), root: (await $.in("/tmp")`pwd`).stdout }',
      { commands: ['pwd'] },
    )
    assert.deepEqual(document, { at: '/a/b', root: '/tmp' })
  })
  test('a command that fails rejects with its code and output, one that is killed with the signal', async () => {
    const { document } = await run(
      `const told = async (text) => {
        try { await $\`sh -c \${text}\` } catch (error) { return [error.name, error.message, error.code, error.signal, error.stdout] }
      }
      return [await told('echo said; exit 3'), await told('kill -9 $$'), await told('exit 127')]`,
      { commands: ['sh'] },
    )
    assert.deepEqual(document, [
      ['CommandError', '`sh -c "echo said; exit 3"` exited with code 3', 3, null, 'said'],
      ['CommandError', '`sh -c "kill -9 $$"` was killed by SIGKILL', null, 'SIGKILL', ''],
      ['CommandError', '`sh -c "exit 127"` exited with code 127', 127, null, ''],
    ])
  })
  test('a command or a directory that is not there rejects', async () => {
    const { document } = await run(
      `const told = async (act) => { try { await act() } catch (error) { return [error.name, error.message] } }
      return [await told(() => $\`no-such-command x\`), await told(() => $.in('/nowhere')\`sh\`), await told(() => $\`a | b\`)]`,
      { commands: ['sh'] },
    )
    assert(Array.isArray(document))
    assert.match(
      String(document[0]),
      /^CommandError,`no-such-command x` could not be started: no such command/,
    )
    assert.match(String(document[1]), /^CommandError,`sh` could not be started: .*no directory \/nowhere/)
    assert.match(String(document[2]), /^TypeError,\$: there is no shell for \|/)
  })
  test('commands run side by side, and a daemon that keeps the output open holds nothing up', async () => {
    const { document } = await run(
      `const [a, b] = await Promise.all([$\`sh -c \${'mkfifo pipe; echo text >pipe'}\`, $\`sh -c \${'until [ -p pipe ]; do :; done; cat pipe'}\`])
      const { stdout } = await $\`sh -c \${'sleep 100 & echo started'}\`
      return { a: a.stdout, b: b.stdout, stdout }`,
      { commands: ['sh', 'mkfifo', 'sleep'] },
    )
    assert.deepEqual(document, { a: '', b: 'text', stdout: 'started' })
  })
  test('output of many chunks is whole', async () => {
    const { document } = await run('return { n: (await $`seq 1 100000`).stdout.length }', {
      commands: ['seq'],
    })
    assert.deepEqual(document, { n: 588894 })
  })
}

function files(run: Run): void {
  test('text is written, read, listed, looked at and removed', async () => {
    const { document } = await run(`files.makeDirectory('a/b/c'); files.makeDirectory('a/b')
      files.writeText('a/text', 'ä\\0😀\\n'); files.writeText('a/text', 'ä\\0😀'); files.writeText('a/Z', '\\ud800')
      const before = [files.readText('a/text'), files.readText('a/Z'), files.list('a'), files.exists('a/b'), files.isDirectory('a/b'), files.isDirectory('a/Z'), files.exists('a/Z/x')]
      files.remove('a'); files.remove('a')
      return { before, after: files.exists('a') }`)
    assert.deepEqual(document, {
      before: ['ä\0😀', '\ufffd', ['Z', 'b', 'text'], true, true, false, false],
      after: false,
    })
  })
  test('a directory is copied with its links and executable bits, and what is copied can be written to', async () => {
    const { prefix, exit, log } = await run(
      `files.copy('src', out.prefix); files.writeText(out.prefix + '/locked', 'new'); files.copy(out.prefix + '/locked', out.prefix + '/run2')
      files.copy('src/link', out.prefix + '/run2'); files.writeText(out.prefix + '/made', '#!/bin/sh', { executable: true })
      files.writeText(out.prefix + '/plain', '', { executable: true }); files.writeText(out.prefix + '/plain', ''); return {}`,
      {
        prepare: ({ src }) => {
          mkdirSync(join(src, 'empty'))
          writeFileSync(join(src, 'run'), Buffer.from([0, 255, 10]), { mode: 0o755 })
          writeFileSync(join(src, 'locked'), 'old')
          chmodSync(join(src, 'locked'), 0o444)
          symlinkSync('../nowhere', join(src, 'link'))
        },
      },
    )
    assert.equal(exit.kind, 'answered', log)
    const mode = (name: string): number => lstatSync(join(prefix, name)).mode & 0o777
    assert.deepEqual([mode('run'), mode('locked'), mode('made'), mode('plain')], [0o755, 0o644, 0o755, 0o755])
    assert.deepEqual(readFileSync(join(prefix, 'run')), Buffer.from([0, 255, 10]))
    assert.equal(readFileSync(join(prefix, 'locked'), 'utf8'), 'new')
    assert.equal(readlinkSync(join(prefix, 'link')), '../nowhere')
    assert.equal(readlinkSync(join(prefix, 'run2')), '../nowhere')
    assert(lstatSync(join(prefix, 'empty')).isDirectory())
  })
  test('what cannot be done throws with the path and the reason', async () => {
    const { document } = await run(
      `const told = (act) => { try { act(); return 'done' } catch (error) { return error.message } }
      files.writeText('file', '')
      return [() => files.readText('none'), () => files.readText('src'), () => files.readText('src/bytes'), () => files.writeText('none/x', ''),
        () => files.list('file'), () => files.makeDirectory('file/x'), () => files.copy('none', 'to')].map(told)`,
      { prepare: ({ src }) => writeFileSync(join(src, 'bytes'), Buffer.from([65, 0xed, 0xa0, 0x80])) },
    )
    assert.deepEqual(document, [
      'cannot read none: no such file or directory',
      'cannot read src: it is a directory',
      'cannot read src/bytes: it is not UTF-8 text',
      'cannot write none/x: no such file or directory',
      'cannot list file: not a directory',
      'cannot make the directory file/x: not a directory',
      'cannot copy none to to: no such file or directory',
    ])
  })
}

function failures(run: Run): void {
  test('an error that is thrown is in the log with its stack and cause', async () => {
    const { exit, log } = await run('throw new Error("outer", { cause: new TypeError("inner") })')
    assert.deepEqual(exit, { kind: 'exited', code: 1 })
    assert.match(log, /^Error: outer\n\s+at .*body\.js:3/)
    assert.match(log, /\[cause\]: TypeError: inner/)
  })
  test('a command that fails shows where the body ran it', async () => {
    const { log } = await run('await $`false`\nawait $`true`', { commands: ['false'] })
    assert.match(log, /CommandError: `false` exited with code 1\n(?:.*\n)*?\s+at .*body\.js:3/)
  })
  test('an error in a timer fails the step', async () => {
    const { exit } = await run(
      'setTimeout(() => { throw new Error("late") }, 1); await new Promise((resolve) => setTimeout(resolve, 5000)); return {}',
    )
    assert.deepEqual(exit, { kind: 'exited', code: 1 })
  })
  test('a rejection that is handled a moment later is no failure', async () => {
    const { document } = await run(
      'const failing = async () => { throw new Error("x") }; const p = failing(); return { said: await p.catch((error) => error.message) }',
    )
    assert.deepEqual(document, { said: 'x' })
  })
  test('a timer left running does not keep the step from ending', async () => {
    const { exit } = await run('setTimeout(() => {}, 100000); return { done: true }')
    assert.deepEqual(exit, { kind: 'answered', response: '{"done":true}' })
  })
  test('a body that waits for nothing leaves no answer', async () => {
    assert.deepEqual((await run('await new Promise(() => {})')).exit, { kind: 'no-answer' })
  })
}
