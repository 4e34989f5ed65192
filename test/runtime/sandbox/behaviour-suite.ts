// behaviour-suite.ts — what every rung of the sandbox does alike: ends of processes, logs, files.
import assert from 'node:assert/strict'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { physicalOf, runStep } from '../../../runtime/sandbox/run-step.ts'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import {
  NO_QUICKJS,
  OBJECT,
  PREFIX,
  processesWith,
  type SandboxFixture,
  sleepToken,
} from './sandbox-fixture.ts'

export function behaviour(rung: Rung, fixture: SandboxFixture): void {
  const { sh, node, quickjs } = fixture.on(rung)

  for (const signal of ['KILL', 'TERM', 'SEGV'])
    test(`a script whose shell dies by SIG${signal} is reported killed by it`, async () => {
      assert.deepEqual((await sh(`kill -${signal} $$; sleep 100`)).exit, {
        kind: 'killed',
        signal: `SIG${signal}`,
      })
    })
  test('a script whose body alone is killed is reported killed', async () => {
    assert.deepEqual((await sh('sh -c \'kill -9 "$PPID"\'; sleep 100')).exit, {
      kind: 'killed',
      signal: 'SIGKILL',
    })
  })
  test('a module killed by SIGKILL is reported so, and the sandbox adds nothing to its log', async () => {
    const { exit, log } = await node(
      'process.kill(process.pid, "SIGKILL"); await new Promise(() => setInterval(() => {}, 1000))',
    )
    assert.deepEqual([exit, log], [{ kind: 'killed', signal: 'SIGKILL' }, ''])
  })

  test('a step that outlasts its time is killed with all that it started', async () => {
    const token = sleepToken()
    const { exit } = await sh(`(setsid sleep ${token} >/dev/null 2>&1 </dev/null &); sleep ${token}`, {
      spec: { timeoutMs: 300 },
    })
    assert.deepEqual(exit, { kind: 'timed-out' })
    assert.deepEqual(processesWith(token), [])
  })
  test('cancelling kills the step with all that it started', async () => {
    const token = sleepToken()
    const controller = new AbortController()
    const spec = await fixture.spec(rung, 'sh', `(setsid sleep ${token} &); echo ready; sleep ${token}`, {
      spec: { signal: controller.signal, onLine: () => controller.abort() },
    })
    assert.deepEqual(await runStep(spec), { kind: 'cancelled' })
    assert.deepEqual(processesWith(token), [])
  })
  test('a step cancelled before it starts never starts', async () => {
    const { exit, src } = await sh('echo x >src/made', {
      spec: { signal: AbortSignal.abort() },
    })
    assert.deepEqual(exit, { kind: 'cancelled' })
    assert(!existsSync(join(src, 'made')))
  })
  test('daemons end with the step, though they hold its output open', async () => {
    const token = sleepToken()
    const { exit } = await sh(`(setsid sh -c 'setsid sleep ${token} & sleep ${token}' &); output a b`)
    assert.equal(exit.kind, 'answered')
    assert.deepEqual(processesWith(token), [])
  })
  test('daemons of a module end with it', async () => {
    const token = sleepToken()
    const { exit } = await node(
      `const { spawn } = await import('node:child_process')
      spawn('sleep', ['${token}'], { detached: true, stdio: 'ignore' }).unref(); return {}`,
      { commands: ['sleep'] },
    )
    assert.equal(exit.kind, 'answered')
    assert.deepEqual(processesWith(token), [])
  })

  describe('a quickjs body', { skip: NO_QUICKJS }, () => {
    test('is killed by SIGKILL, and reported so', async () => {
      const { exit, log } = await quickjs('await $`sh -c ${"kill -9 $PPID"}`; await new Promise(() => {})', {
        commands: ['sh'],
      })
      assert.deepEqual([exit, log], [{ kind: 'killed', signal: 'SIGKILL' }, '$ sh -c "kill -9 $PPID"\n'])
    })
    test('ends with all that it started', async () => {
      const token = sleepToken()
      const { exit } = await quickjs(
        `await $\`sh -c \${'setsid sleep ${token} >/dev/null 2>&1 &'}\`; return {}`,
        {
          commands: ['sh', 'setsid', 'sleep'],
        },
      )
      assert.equal(exit.kind, 'answered')
      assert.deepEqual(processesWith(token), [])
    })
    test('fills outputs that belong to the caller, and changes a work tree in place', async () => {
      const { document, prefix, src } = await quickjs(
        `files.makeDirectory(out.prefix); files.copy(input.object, out.prefix + '/bin')
        files.writeText('src/new', files.readText(input.object + '/file')); files.remove('src/old'); return { prefix: out.prefix }`,
        {
          input: { object: OBJECT },
          prepare: (folders) => {
            writeFileSync(join(folders.object, 'file'), 'content', { mode: 0o755 })
            writeFileSync(join(folders.src, 'old'), '')
          },
        },
      )
      assert.deepEqual(document, { prefix: PREFIX })
      assert.deepEqual(
        [readFileSync(join(src, 'new'), 'utf8'), existsSync(join(src, 'old'))],
        ['content', false],
      )
      assert.equal(lstatSync(join(prefix, 'bin/file')).uid, process.getuid?.())
      assert.equal(statSync(join(prefix, 'bin/file')).mode & 0o777, 0o755)
    })
  })
  for (const interpreter of ['node', 'quickjs'] as const)
    test(
      `files of a ${interpreter} body and of its commands have the umask 022, whatever the caller's is`,
      { skip: interpreter === 'quickjs' && NO_QUICKJS },
      async () => {
        const body = 'files.writeText("src/own", ""); await $`touch src/command`; return {}'
        const choice = { commands: ['touch'] }
        await fixture.on(rung)[interpreter](body, choice) // makes views and folders that others may use
        const before = process.umask(0o007)
        try {
          const { src } = await fixture.on(rung)[interpreter](body, choice)
          for (const name of ['own', 'command'])
            assert.equal(statSync(join(src, name)).mode & 0o777, 0o644, name)
        } finally {
          process.umask(before)
        }
      },
    )

  test('an endless log ends the step and leaves a file of the allowed size', async () => {
    const { exit, spec, lines } = await sh(
      'while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done',
    )
    assert.deepEqual(exit, { kind: 'log-too-large' })
    assert.equal(statSync(spec.logFile).size, spec.maxLogBytes)
    assert(lines.length > 1000)
  })
  test('a gigabyte in one line ends the step, and no line handed on is long', async () => {
    const { exit, spec, lines } = await sh('head -c 1073741824 /dev/zero')
    assert.deepEqual(exit, { kind: 'log-too-large' })
    assert.equal(statSync(spec.logFile).size, spec.maxLogBytes)
    assert(lines.every((line) => line.length <= 4096))
  })
  test('the log has stdout and stderr in order, byte by byte, and /dev/stderr can be opened', async () => {
    const { log, lines } = await sh(
      `echo one; echo two >&2; echo three >/dev/stderr; printf 'four \\303\\244\\r\\nfive'`,
    )
    assert.equal(log, 'one\ntwo\nthree\nfour ä\r\nfive')
    assert.deepEqual(lines, ['one', 'two', 'three', 'four ä', 'five'])
  })
  test('outputs keep executable bits, links and empty folders, and belong to the caller', async () => {
    const { prefix, document } = await sh(`mkdir -p "$out_prefix/bin" "$out_prefix/empty"
      echo '#!/bin/sh' >"$out_prefix/bin/run"; chmod 755 "$out_prefix/bin/run"; echo x >"$out_prefix/plain"
      ln -s ../plain "$out_prefix/bin/relative"; ln -s /nowhere "$out_prefix/dangling"`)
    assert.deepEqual(document, { prefix: PREFIX })
    assert.equal(statSync(join(prefix, 'bin/run')).mode & 0o777, 0o755)
    assert.equal(statSync(join(prefix, 'plain')).mode & 0o777, 0o644)
    assert.equal(readlinkSync(join(prefix, 'bin/relative')), '../plain')
    assert.equal(readlinkSync(join(prefix, 'dangling')), '/nowhere')
    assert(statSync(join(prefix, 'empty')).isDirectory())
    assert.equal(lstatSync(join(prefix, 'plain')).uid, process.getuid?.())
  })
  test('an output may be a file', async () => {
    const { prefix } = await sh('echo content >"$out_prefix"')
    assert.equal(readFileSync(prefix, 'utf8'), 'content\n')
  })
  test('a work tree is writable in place, with its links and executable bits', async () => {
    const { document, src } = await sh(
      'output run "$(./src/run)"; output target "$(readlink src/link)"; echo new >src/new; rm src/old',
      {
        commands: ['readlink'],
        prepare: (folders) => {
          writeFileSync(join(folders.src, 'run'), '#!/bin/sh\necho ran\n', { mode: 0o755 })
          writeFileSync(join(folders.src, 'old'), '')
          symlinkSync('../outside/of/it', join(folders.src, 'link'))
        },
      },
    )
    assert.deepEqual(document, { run: 'ran', target: '../outside/of/it' })
    assert.equal(readFileSync(join(src, 'new'), 'utf8'), 'new\n')
    assert(!existsSync(join(src, 'old')))
  })
  test('inputs are found at the path the step is told', async () => {
    const { document } = await sh('output text "$(cat "$in_object/file")"', {
      input: { object: OBJECT },
      prepare: ({ object }) => writeFileSync(join(object, 'file'), 'content'),
    })
    assert.deepEqual(document, { text: 'content' })
  })
  test('two steps share no file in /build or the temporary folder', async () => {
    await sh('echo x >left; echo x >"$TMPDIR/left"')
    const { document } = await sh('output found "$(ls; ls "$TMPDIR")"')
    assert.deepEqual(document, { found: 'src' })
  })
  test('the bin folder of a tool tree comes first on PATH', async () => {
    const { document } = await sh('output said "$(cat)"', {
      spec: { toolTrees: [OBJECT] },
      prepare: ({ object }) => {
        mkdirSync(join(object, 'bin'))
        writeFileSync(join(object, 'bin/cat'), '#!/bin/sh\necho the tree\n', { mode: 0o755 })
      },
    })
    assert.deepEqual(document, { said: 'the tree' })
  })
  test('a path in an answer leads to the physical file through links, and never outside', async () => {
    const { spec, src, prefix } =
      await sh(`mkdir "$out_prefix"; echo x >src/file; ln -s src/file inside; ln -s "$PWD/src" absolute
      ln -s /etc out; ln -s loop loop`)
    assert.equal(physicalOf(spec, '/build/inside'), join(src, 'file'))
    assert.equal(physicalOf(spec, '/build/absolute/file'), join(src, 'file'))
    assert.equal(physicalOf(spec, `${PREFIX}/x`), join(prefix, 'x'))
    assert.equal(physicalOf(spec, '/build/src/../inside'), join(src, 'file'))
    for (const path of [
      '/build/out/passwd',
      '/build/loop',
      '/etc/passwd',
      '/build/../etc/passwd',
      'relative',
      '/',
    ])
      assert.equal(physicalOf(spec, path), undefined, path)
  })
}
