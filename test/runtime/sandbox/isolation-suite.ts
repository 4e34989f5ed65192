// isolation-suite.ts — what a step sees on a rung that gives it a root of its own: constants, and nothing of the machine.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Rung } from '../../../runtime/sandbox/rungs.ts'
import { OBJECT, processesWith, type SandboxFixture, sleepToken, startDriver } from './sandbox-fixture.ts'

const ALLOWED_VARIABLES = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  TMPDIR: '/tmp',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: '315532800',
}

export function isolation(rung: Rung, fixture: SandboxFixture, skip: string | false): void {
  const { sh, node } = fixture.on(rung)

  test('a script has exactly the allowed variables, whatever the driver has', { skip }, async () => {
    const { log } = await withCanaries(() => sh('env', { commands: ['env'] }))
    assert.deepEqual(
      Object.fromEntries(
        log
          .trim()
          .split('\n')
          .map((line) => line.split('=')),
      ),
      ALLOWED_VARIABLES,
    )
  })
  test('a module has exactly the allowed variables, whatever the driver has', { skip }, async () => {
    const { document } = await withCanaries(() => node('return { ...process.env }'))
    assert.deepEqual(document, ALLOWED_VARIABLES)
  })
  test('working directory, ids, host name, umask and groups are constants', { skip }, async () => {
    const { document } = await sh('output all "$(pwd) $(id -u) $(id -g) $(id -un) $(uname -n) $(umask)"', {
      commands: ['id'],
    })
    assert.deepEqual(document, { all: '/build 1000 100 tenon tenon 0022' })
    const other = await node(
      'return { all: [process.cwd(), process.getuid(), process.getgid(), os.hostname(), process.umask()] }',
    )
    assert.deepEqual(other.document, { all: ['/build', 1000, 100, 'tenon', 0o022] })
  })
  test('files of the machine, the home and other store objects are not there', { skip }, async () => {
    const secret = join(fixture.home, 'secret')
    writeFileSync(secret, 'secret')
    const paths = [
      secret,
      fixture.home,
      '/etc/shadow',
      '/etc/hostname',
      '/root',
      '/home',
      '/var',
      '/sys',
      '/run',
      import.meta.filename,
    ]
    const { document } = await node(
      `return { found: ${JSON.stringify(paths)}.filter((path) => fs.existsSync(path)), store: fs.readdirSync('/tenon/store') }`,
    )
    assert.deepEqual(document, { found: [], store: [OBJECT.slice('/tenon/store/'.length)] })
  })
  test('a step that declares no tools finds no cc, git or make, by name or by path', { skip }, async () => {
    const { document } = await sh(`for tool in cc gcc git make perl python3; do
      command -v $tool || :; for folder in /usr/bin /bin /usr/local/bin; do if [ -e $folder/$tool ]; then echo $folder/$tool; fi; done; done >found; output found "$(cat found)"`)
    assert.deepEqual(document, { found: '' })
  })
  test('a module without tools finds no shell', { skip }, async () => {
    assert.deepEqual((await node('return { bin: fs.existsSync("/bin/sh") }')).document, { bin: false })
  })
  test('processes of the machine are invisible, and the sandbox itself leads nowhere', { skip }, async () => {
    const { document } =
      await node(`const pids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name))
      const reach = (path) => { try { return fs.readdirSync(path) } catch (error) { return error.code } }
      return { few: pids.length < 6, root: reach('/proc/1/root'), cwd: reach('/proc/1/cwd') }`)
    const { few, root, cwd } = document as { few: boolean; root: unknown; cwd: unknown } // the three above
    assert.equal(few, true)
    // Either out of reach, or the step's own root.
    for (const seen of [root, cwd])
      assert(
        seen === 'EACCES' || seen === 'EPERM' || (Array.isArray(seen) && !seen.includes('home')),
        String(seen),
      )
  })
  test('no server of the machine can be reached; one inside can', { skip }, async () => {
    const body = (port: number): string => `const attempt = (port) => new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); resolve('connected') }); socket.on('error', (error) => resolve(error.code)) })
      const server = net.createServer().listen(0, '127.0.0.1'); await new Promise((resolve) => server.on('listening', resolve))
      return { outside: await attempt(${port}), inside: await attempt(server.address().port), interfaces: Object.keys(os.networkInterfaces()) }`
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.on('listening', resolve))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const { document } = await node(body(port))
      assert.deepEqual(document, { outside: 'ECONNREFUSED', inside: 'connected', interfaces: ['lo'] })
      const networked = await node(body(port), { spec: { network: true } })
      assert.equal((networked.document as { outside: string }).outside, 'connected') // as the body returns it
    } finally {
      server.close()
    }
  })
  test('writing is possible in /build, /tmp and at outputs alone', { skip }, async () => {
    const places = [
      '/',
      '/usr',
      '/usr/bin',
      '/etc',
      '/tenon',
      '/tenon/interpreter',
      '/proc',
      '/proc/sys/kernel',
      '/dev',
      OBJECT,
    ]
    const { document, spec } =
      await node(`const outcome = (folder) => { try { fs.writeFileSync(folder + '/made', ''); return 'made' } catch (error) { return error.code } }
      return Object.fromEntries(${JSON.stringify([...places, '/build', '/tmp', '/dev/shm'])}.map((folder) => [folder, outcome(folder)]))`)
    const outcomes = document as Record<string, string> // as the body returns it
    assert.deepEqual(
      Object.keys(outcomes).filter((place) => outcomes[place] === 'made'),
      ['/build', '/dev/shm', '/tmp'],
    )
    assert(!existsSync(join(spec.view.directory, 'usr/made')))
  })
  test(
    'the mode of an input cannot be changed, though its files belong to the caller',
    { skip },
    async () => {
      const { document } = await sh(
        'if chmod 777 "$in_object" 2>/dev/null; then output was changed; else output was kept; fi',
        { input: { object: OBJECT } },
      )
      assert.deepEqual(document, { was: 'kept' })
    },
  )
  test(
    'paths of the machine are in no variable, argument or file that a step is given',
    { skip },
    async () => {
      const { document } =
        await node(`const names = fs.readdirSync('/tenon/step').filter((name) => fs.statSync('/tenon/step/' + name).isFile() && name !== 'body.js')
      return { found: [...names.map((name) => fs.readFileSync('/tenon/step/' + name, 'utf8')), ...process.argv].filter((text) => text.includes(${JSON.stringify(fixture.home)})) }`)
      assert.deepEqual(document, { found: [] })
    },
  )
}

/** A second driver runs a step that sleeps; it is killed; the sleep must end. */
export async function diesWithDriver(rung: Rung, fixture: SandboxFixture): Promise<void> {
  const token = sleepToken()
  const spec = await fixture.spec(rung, 'sh', `sleep ${token} & sleep ${token}`, {})
  const driver = startDriver(spec)
  const isSleeping = (): boolean => processesWith(token).some((pid) => nameOf(pid) === 'sleep')
  while (!isSleeping()) await new Promise((resolve) => setTimeout(resolve, 10))
  driver.kill('SIGKILL')
  await once(driver, 'exit')
  for (let i = 0; i < 500 && isSleeping(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  assert.deepEqual(processesWith(token), [])
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch {
    return '' // it has just ended
  }
}

async function withCanaries<T>(run: () => Promise<T>): Promise<T> {
  process.env['TENON_CANARY'] = 'seen'
  process.env['NODE_OPTIONS'] = '--no-deprecation'
  try {
    return await run()
  } finally {
    delete process.env['TENON_CANARY']
    delete process.env['NODE_OPTIONS']
  }
}
