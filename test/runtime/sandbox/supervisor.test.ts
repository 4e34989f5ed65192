// supervisor.test.ts — the process that starts steps: many at once, out of their reach, replaced when it is lost.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { childrenOf, hasEnded } from '../../../runtime/sandbox/process/process-tree.ts'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { endWaiting, runStep } from '../../../runtime/sandbox/run-step.ts'
import { supervisorOf } from '../../../runtime/sandbox/supervisor/supervised-step.ts'
import { ReplyReader, startMessage } from '../../../runtime/sandbox/supervisor/message.ts'
import { processesWith, SandboxFixture, sleepToken, startDriver } from './sandbox-fixture.ts'

const fixture = new SandboxFixture()
const probe = (await probeRungs(fixture.home)).find(({ rung }) => rung === 'supervisor')
const { sh, node } = fixture.on('supervisor')

const ahead = new SandboxFixture({ toCome: 2 })
const foundWaiting = (): number => supervisorOf(ahead.home).foundWaiting

function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])
}
/** The processes that have stopped until a step comes, once there are some. */
async function waitingBelow(pid: number): Promise<readonly number[]> {
  for (;;) {
    const stopped = descendantsOf(pid).filter((each) => stateOf(each) === 'T')
    if (stopped.length > 0) return stopped
    await wait(10)
  }
}
function linksIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readlinkSync(join(folder, name)))
}
function stateOf(pid: number): string {
  try {
    return /\) (.)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1] ?? ''
  } catch {
    return '' // it has ended
  }
}
async function gone(pids: readonly number[]): Promise<void> {
  while (!pids.every(hasEnded)) await wait(10)
}
async function endRooms(): Promise<void> {
  const rooms = (): readonly number[] =>
    supervisors()
      .flatMap(childrenOf)
      .filter((pid) => childrenOf(pid).length > 0) // a zygote has none
  for (await waitingBelow(process.pid); rooms().length > 0; await wait(10))
    for (const pid of rooms().flatMap(childrenOf)) if (stateOf(pid) === 'T') process.kill(pid, 'SIGKILL')
}

const supervisors = (): readonly number[] =>
  childrenOf(process.pid).filter((pid) => readFileSync(`/proc/${pid}/comm`, 'latin1') === 'tenon-superviso\n')

describe(
  'with the supervisor',
  { skip: probe?.works === true ? false : (probe?.reason ?? 'unknown') },
  () => {
    test('it says whether a step left what stat does not show of a folder', async () => {
      const leavesMarks = async (body: string): Promise<boolean> => {
        const spec = await fixture.spec('supervisor', 'sh', body, { commands: ['perl', 'chattr'] })
        assert.deepEqual(await runStep(spec), { kind: 'answered', response: '{}' })
        return !spec.place.hasNoMarks
      }
      const setxattr = process.arch === 'arm64' ? 5 : 188
      const attribute = (folder: string): string =>
        `perl -e 'my ($f, $n, $v) = @ARGV; exit(syscall(${setxattr}, $f, $n, $v, 1, 0) ? 1 : 0)' ${folder} user.left x`
      assert.equal(
        await leavesMarks('mkdir -p deep/er; echo x >/tmp/file; echo x >/tenon/store/other'),
        false,
      )
      assert.equal(await leavesMarks(`mkdir deep; ${attribute('/build/deep')}`), false) // it goes with its folder
      for (const folder of ['/build', '/tmp', '/tenon/store'])
        for (const mark of [attribute(folder), `chattr +d ${folder}`])
          assert.equal(await leavesMarks(mark), true, mark)
      assert.equal(await leavesMarks('chmod 0 /build /tmp'), false) // stat shows it
    })

    test('one process starts all steps', async () => {
      await sh('output a b')
      const before = supervisors()
      await Promise.all(Array.from({ length: 12 }, () => sh('output a b')))
      assert.equal(before.length, 1)
      assert.deepEqual(supervisors(), before)
    })
    test('steps that run at the same time get their own logs, whole, though the driver reads slowly', async () => {
      const write = (letter: string): string =>
        `i=0; while [ $i -lt 40 ]; do head -c 65536 /dev/zero | tr '\\0' ${letter}; i=$((i+1)); done`
      const choice = {
        spec: { maxLogBytes: 1 << 24, onLine: () => Atomics.wait(STILL, 0, 0, 1) as unknown as undefined },
      }
      const runs = await Promise.all(['a', 'b', 'c'].map((letter) => sh(write(letter), choice)))
      assert.deepEqual(
        runs.map(({ log }) => [log.length, new Set(log).size, log[0]]),
        [
          [40 * 65536, 1, 'a'],
          [40 * 65536, 1, 'b'],
          [40 * 65536, 1, 'c'],
        ],
      )
    })
    test('a step that is killed takes no other step with it', async () => {
      const token = sleepToken()
      const [slow, killed] = await Promise.all([
        sh('sleep 1; output a b'),
        sh(`sleep ${token}`, { spec: { timeoutMs: 100 } }),
      ])
      assert.deepEqual([slow.exit.kind, killed.exit.kind], ['answered', 'timed-out'])
      assert.deepEqual(processesWith(token), [])
    })
    test('a step has three open files and none of the supervisor', async () => {
      const { document } = await node(
        `return Object.fromEntries([0, 1, 2].map((fd) => [fd, fs.readlinkSync('/proc/self/fd/' + fd).replace(/\\[.*/, '')]))`,
      )
      assert.deepEqual(document, { 0: '/dev/null', 1: 'pipe:', 2: 'pipe:' })
      const { log } = await sh('ls /proc/self/fd', { commands: ['ls'] })
      assert.deepEqual(log.trim().split('\n'), ['0', '1', '2', '3']) // 3: ls reads the folder
    })
    test('a step can neither see, trace nor signal the process that keeps its namespaces', async () => {
      const { document } =
        await node(`const attempt = (act) => { try { return String(act()) } catch (error) { return error.code } }
      return { kill: attempt(() => process.kill(1, 'SIGKILL')), file: attempt(() => fs.readlinkSync('/proc/1/fd/0')),
        memory: attempt(() => fs.openSync('/proc/1/mem', 'r')), root: attempt(() => fs.readdirSync('/proc/1/root')) }`)
      const { kill, ...rest } = document as Record<string, string> // as the body returns it
      assert.match(kill ?? '', /true|EPERM/) // a signal that the kernel does not deliver
      for (const outcome of Object.values(rest)) assert.match(outcome, /EACCES|EPERM/)
    })
    test('a step can make no namespaces of its own', async () => {
      const { exit, log } = await sh('unshare -U true', { commands: ['unshare'] })
      assert.equal(exit.kind, 'exited', log)
    })
    test('a room made ahead serves one step: nothing that a step leaves is there for the next', async () => {
      const { sh, node } = ahead.on('supervisor')
      const before = foundWaiting()
      for (let i = 0; i < 4; i++) {
        const { document } =
          await sh(`output pids "$(echo /proc/[0-9]*)"; output files "$(ls /dev/shm /tmp /build)"
          echo x >/dev/shm/left; echo x >/tmp/left; echo x >/build/left; (setsid sleep 100 &)`)
        const files = '/build:\nsrc\n\n/dev/shm:\n\n/tmp:'
        assert.deepEqual(document, { pids: '/proc/1 /proc/2 /proc/3', files })
      }
      for (let i = 0; i < 4 || foundWaiting() < before + 6; i++) {
        const { document } =
          await node(`const seen = [globalThis.left, fs.readdirSync('/tmp'), process.cwd(), fs.readdirSync('.'), process.argv.slice(1)]
          globalThis.left = 1; fs.writeFileSync('/tmp/left', ''); fs.writeFileSync('left', ''); return { seen: seen.map(String) }`)
        assert.deepEqual(document, { seen: ['undefined', '', '/build', 'src', '/tenon/step/body.js'] })
      }
    })
    test('a network namespace serves another step only when no step has used it', async () => {
      const others = supervisors()
      const { sh, node } = new SandboxFixture().on('supervisor')
      const kept = (): number =>
        supervisors()
          .filter((pid) => !others.includes(pid))
          .flatMap((pid) => linksIn(`/proc/${pid}/fd`))
          .filter((target) => target.startsWith('net:')).length
      const state = `output state "$(cat /proc/net/dev /proc/net/sockstat /proc/net/sockstat6 | grep -E 'lo:|: (inuse|used)')"`
      const cat = { commands: ['cat', 'grep'] }
      const { document: first } = await sh(state, cat)
      assert.equal(kept(), 1)
      assert.deepEqual((await sh(state, cat)).document, first)
      assert.equal(kept(), 1)
      await node(`const server = net.createServer((socket) => socket.end('x')).listen(0, '127.0.0.1')
        await new Promise((done) => server.once('listening', () => net.connect(server.address().port, '127.0.0.1').on('data', done)))
        return {}`)
      assert.equal(kept(), 0)
      assert.deepEqual((await sh(state, cat)).document, first)
      await sh('sleep 100', { spec: { timeoutMs: 50 } })
      assert.equal(kept(), 0)
    })
    test('a room that breaks while it waits is passed over', async () => {
      await endRooms()
      const before = foundWaiting()
      const { document, log } = await ahead.on('supervisor').sh('output a b')
      assert.deepEqual([document, log, foundWaiting()], [{ a: 'b' }, '', before])
    })
    test('rooms that wait end with the build', async () => {
      await ahead.on('supervisor').sh('output a b')
      const rooms = await waitingBelow(process.pid)
      endWaiting(ahead.home)
      await gone(rooms)
    })
    test('rooms that wait end with a driver that is killed', async () => {
      const token = sleepToken()
      const driver = startDriver(await ahead.spec('supervisor', 'sh', `sleep ${token}`, {}))
      assert(driver.pid !== undefined)
      await waitingBelow(driver.pid)
      while (processesWith(token).length === 0) await wait(10)
      const processes = descendantsOf(driver.pid)
      driver.kill('SIGKILL')
      await gone(processes)
    })
    test('when the supervisor is killed its steps end and fail with it, and the next step gets another', async () => {
      const token = sleepToken()
      const spec = await fixture.spec(
        'supervisor',
        'sh',
        `echo ready; (setsid sleep ${token} &); sleep ${token}`,
        {
          spec: {
            onLine: () => {
              for (const pid of supervisors()) process.kill(pid, 'SIGKILL')
            },
          },
        },
      )
      await assert.rejects(runStep(spec), { code: 'TN3003' })
      for (let i = 0; i < 200 && processesWith(token).length > 0; i++) await wait(10)
      assert.deepEqual(processesWith(token), [])
      assert.equal((await sh('output a b')).exit.kind, 'answered')
    })
  },
)

const STILL = new Int32Array(new SharedArrayBuffer(4))

test('a start message is its length, a letter, a number and words that end with NUL', () => {
  const kind = {
    root: '/r',
    mounts: [{ source: '/s', target: '/t', access: 'read-only' }],
    network: false,
    directory: '/build',
    environment: { A: 'b' },
    command: ['/c', ''],
  } as const
  const ownMounts = [{ source: '/u', target: '/v', access: 'writable' }] as const
  const bytes = startMessage(7, { kind, ownMounts, timeoutMs: 1.5 })
  assert.equal(bytes.readUInt32LE(0), bytes.length - 4)
  assert.deepEqual([bytes.toString('latin1', 4, 5), bytes.readUInt32LE(5)], ['S', 7])
  const words = '2 - tenon 1000 100 /build - /r bind r /t /s env A=b arg /c arg  step bind w /v /u'.split(' ')
  assert.deepEqual(bytes.toString('latin1', 9).split('\0'), [...words, ''])
})
test('replies are found however the bytes are cut', () => {
  const log = Buffer.from([8, 0, 0, 0, 76, 3, 0, 0, 0, 120, 121, 122])
  const end = Buffer.from([12, 0, 0, 0, 69, 3, 0, 0, 0, 116, 43, 9, 0, 0, 0, 45])
  const bytes = Buffer.concat([log, end])
  for (let cut = 0; cut <= bytes.length; cut++) {
    const reader = new ReplyReader()
    assert.deepEqual(
      [...reader.read(bytes.subarray(0, cut)), ...reader.read(bytes.subarray(cut))],
      [
        { kind: 'log', id: 3, bytes: Buffer.from('xyz') },
        { kind: 'end', id: 3, reason: 'timed-out', wasWaiting: true, status: 9, leftNoMarks: true },
      ],
    )
  }
})
