// confinement-suite.ts — what a step cannot read, reach, change or leave behind on any rung but plain, whatever paths it is told.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir, release } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { diesWithDriver } from './isolation-suite.ts'
import { OBJECT, processesWith, type SandboxFixture, sleepToken } from './sandbox-fixture.ts'

export function confinement(rung: Rung, fixture: SandboxFixture, skip: string | false): void {
  files(rung, fixture, skip)
  processes(rung, fixture, skip)
  test(
    'no server of the machine can be reached, but over a network that is allowed',
    { skip },
    async () => await servers(rung, fixture),
  )
}

function files(rung: Rung, fixture: SandboxFixture, skip: string | false): void {
  const { sh, node } = fixture.on(rung)
  test('nothing outside of a step’s places can be made, changed, moved or removed', { skip }, async () => {
    const outside = join(fixture.home, `outside-${rung}`)
    mkdirSync(outside)
    writeFileSync(join(outside, 'file'), 'kept')
    const body = `const outside = ${JSON.stringify(outside)}, done = []
      const attempt = (name, action) => { try { action(); done.push(name) } catch {} }
      attempt('write', () => fs.writeFileSync(outside + '/new', ''))
      attempt('overwrite', () => fs.writeFileSync(outside + '/file', ''))
      attempt('append', () => fs.appendFileSync(outside + '/file', 'x'))
      attempt('truncate', () => fs.truncateSync(outside + '/file', 0))
      attempt('mkdir', () => fs.mkdirSync(outside + '/folder'))
      attempt('symlink', () => fs.symlinkSync('file', outside + '/link'))
      attempt('link', () => fs.linkSync(outside + '/file', 'hard'))
      attempt('move out', () => { fs.writeFileSync('mine', ''); fs.renameSync('mine', outside + '/mine') })
      attempt('move in', () => fs.renameSync(outside + '/file', 'file'))
      attempt('remove', () => fs.rmSync(outside + '/file'))
      attempt('through a link', () => { fs.symlinkSync(outside, 'way'); fs.writeFileSync('way/new', '') })
      return { done }`
    assert.deepEqual((await node(body)).document, { done: [] })
    assert.deepEqual(readdirSync(outside), ['file'])
    assert.equal(readFileSync(join(outside, 'file'), 'utf8'), 'kept')
  })
  test('no file of the user, the store or the machine can be read, no folder listed', { skip }, async () => {
    const secret = join(fixture.home, 'secret')
    writeFileSync(secret, 'secret', { mode: 0o644 })
    const paths = [secret, import.meta.filename, '/etc/shadow', '/etc/hostname', '/var/lib/dpkg/status']
    const folders = [fixture.home, homedir(), import.meta.dirname, '/var/lib', '/sys', '/run']
    const { document } = await node(`const read = []
      for (const path of ${JSON.stringify(paths)}) try { fs.readFileSync(path); read.push(path) } catch {}
      for (const path of ${JSON.stringify(folders)}) try { fs.readdirSync(path); read.push(path) } catch {}
      return { read }`)
    assert.deepEqual(document, { read: [] })
  })
  test(
    'an input cannot be written, replaced or removed, though its files belong to the caller',
    { skip },
    async () => {
      const { document } = await sh(
        `done=; attempt() { if "$@" 2>/dev/null; then done="$done $1"; fi; }; write() { echo y >"$in_object/file"; }
      attempt write || :; attempt rm -f "$in_object/file"; attempt mv "$in_object/file" .; attempt cp "$response" "$in_object/new"; output done "$done"`,
        {
          input: { object: OBJECT },
          prepare: ({ object }) => writeFileSync(join(object, 'file'), 'x'),
        },
      )
      assert.deepEqual(document, { done: '' })
    },
  )
  test(
    'a step that declares no tools can run no cc, git, make, perl or python3, by name or by path',
    { skip },
    async () => {
      const { document } = await sh(`ran=; for tool in cc git make perl python3; do
      for path in $tool /usr/bin/$tool /bin/$tool /usr/local/bin/$tool; do if $path --version >/dev/null 2>&1; then ran="$ran $path"; fi; done
      if cp /usr/bin/$tool here 2>/dev/null; then ran="$ran copied"; fi; done; output ran "$ran"`)
      assert.deepEqual(document, { ran: '' })
    },
  )
  test('a module without tools can run no shell', { skip }, async () => {
    const { document } = await node(
      `const { spawnSync } = require('node:child_process'); return { status: spawnSync('/bin/sh', ['-c', ':']).status }`,
    )
    assert.deepEqual(document, { status: null })
  })
  test('kernel settings cannot be changed', { skip }, async () => {
    const { exit } = await sh('echo x >/proc/sys/kernel/core_pattern')
    assert.equal(exit.kind, 'exited')
  })
}

function processes(rung: Rung, fixture: SandboxFixture, skip: string | false): void {
  const { sh, node } = fixture.on(rung)
  const signals =
    rung === 'landlock' && isOlderThan(6, 12) ? 'Landlock keeps signals in from Linux 6.12 on' : skip
  test('processes of the machine can be sent no signal', { skip: signals }, async () => {
    const other = spawn('sleep', ['1000'])
    const { document } = await node(
      `try { process.kill(${other.pid}, 'SIGKILL'); return { killed: true } } catch { return { killed: false } }`,
    )
    assert.deepEqual([document, other.exitCode, other.signalCode], [{ killed: false }, null, null])
    other.kill()
    await once(other, 'exit')
  })
  test('memory, variables and descriptors of the machine’s processes cannot be read', { skip }, async () => {
    const { document } = await node(`const read = []
      for (const name of ['environ', 'maps', 'mem']) try { fs.readFileSync('/proc/${process.pid}/' + name); read.push(name) } catch {}
      for (const name of ['fd/0', 'root', 'cwd']) try { fs.readlinkSync('/proc/${process.pid}/' + name); read.push(name) } catch {}
      return { read }`)
    assert.deepEqual(document, { read: [] })
  })
  test('a step has no capability and can gain none', { skip }, async () => {
    const { document } = await sh(
      `output caps "$(grep -E '^(CapPrm|CapEff|CapInh|CapAmb|NoNewPrivs):' /proc/self/status)"; output id "$("$in_object/id")"`,
      {
        input: { object: OBJECT },
        commands: ['id'],
        prepare: ({ object }) => {
          writeFileSync(join(object, 'id'), readFileSync('/usr/bin/id'))
          chmodSync(join(object, 'id'), 0o4755)
        },
      },
    )
    const none = '0000000000000000'
    const { caps, id } = document as { caps: string; id: string } // the two above
    assert.equal(
      caps,
      `CapInh:\t${none}\nCapPrm:\t${none}\nCapEff:\t${none}\nCapAmb:\t${none}\nNoNewPrivs:\t1`,
    )
    assert.match(id, /^uid=/)
    assert.doesNotMatch(id, /euid/)
  })
  test('a process that forks on and on, with no trace of the step, ends with it', { skip }, async () => {
    const token = sleepToken()
    const { exit } = await sh(`cat >flee <<'END'
sleep 0.001
(env -i sh ./flee "$1" >/dev/null 2>&1 &)
END
      (env -i sh ./flee ${token} >/dev/null 2>&1 &); sleep 0.1; output a b`)
    assert.equal(exit.kind, 'answered')
    assert.deepEqual(processesWith(token), [])
  })
  test('a message queue that a step makes is not left on the machine', { skip }, async () => {
    const before = readFileSync('/proc/sysvipc/msg', 'utf8')
    await sh('ipcmk -Q || :', { commands: ['ipcmk'] })
    assert.equal(readFileSync('/proc/sysvipc/msg', 'utf8'), before)
  })
  test(
    'a step ends with its driver, killed by SIGKILL',
    { skip },
    async () => await diesWithDriver(rung, fixture),
  )
}

/** A TCP server, a UDP one, one at a path and one with an abstract name. */
async function servers(rung: Rung, fixture: SandboxFixture): Promise<void> {
  const { node } = fixture.on(rung)
  const path = join(fixture.home, `socket-${rung}`)
  const abstract = `\0tenon-test-${process.pid}-${rung}`
  const streams = [path, abstract].map((at) => createServer((socket) => socket.end()).listen(at))
  const tcp = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
  const udp = createSocket('udp4').bind(0, '127.0.0.1')
  const heard: string[] = []
  udp.on('message', (message) => void heard.push(message.toString()))
  try {
    await Promise.all([...streams, tcp, udp].map(async (server) => await once(server, 'listening')))
    const address = tcp.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const body = `const reached = [], dgram = require('node:dgram')
      const attempt = (at) => new Promise((resolve) => { const socket = net.connect(at)
        socket.on('connect', () => { socket.destroy(); reached.push(at); resolve() }); socket.on('error', resolve) })
      for (const at of ${JSON.stringify([{ port, host: '127.0.0.1' }, { path }, { path: abstract }])}) await attempt(at)
      await new Promise((resolve) => { try { const socket = dgram.createSocket('udp4'); socket.on('error', resolve)
        socket.send('from the step', ${udp.address().port}, '127.0.0.1', resolve) } catch { resolve() } })
      return { reached }`
    const { document } = await node(body)
    assert.deepEqual(document, { reached: [] })
    const own = createSocket('udp4')
    own.send('from the test', udp.address().port, '127.0.0.1', () => own.close())
    while (heard.length === 0) await once(udp, 'message')
    assert.deepEqual(heard, ['from the test'])
    const networked = await node(body, { spec: { network: true } })
    const { reached } = networked.document as { reached: readonly { readonly port?: number }[] } // as the body returns it
    assert(reached.some((at) => at.port === port))
  } finally {
    for (const server of [...streams, tcp, udp]) server.close()
  }
}

function isOlderThan(major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = release().split('.').map(Number)
  return ownMajor < major || (ownMajor === major && ownMinor < minor)
}
