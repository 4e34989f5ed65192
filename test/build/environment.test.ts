// environment.test.ts — what a step of a real build sees of the machine and of the one who started it: what it declared.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { probeRungs } from '../../runtime/sandbox/rungs.ts'
import { Project } from '../project.ts'

const ALLOWED = {
  PATH: '/usr/bin:/bin',
  HOME: '/tmp',
  TMPDIR: '/tmp',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  SOURCE_DATE_EPOCH: '315532800',
}
const BUILD = `import { z } from 'zod'
import { chain, defineStep, hostTools, tree } from 'tenon'
import { spawn } from 'node:child_process'
import * as fs from 'node:fs'
import * as net from 'node:net'
import * as os from 'node:os'

const variables = z.record(z.string(), z.string())
const inNode = defineStep({ name: 'in-node', output: z.object({ node: variables }), async run() { return { node: { ...process.env } as Record<string, string> } } })
const inSh = defineStep({ name: 'in-sh', mode: 'carry', output: z.object({ sh: z.string() }), tools: [hostTools('env')], script: 'output sh "$(env)"' })
export const environment = chain('environment', inNode(), inSh())

const look = defineStep({ name: 'look', output: z.object({ found: z.string() }), script: \`
  for tool in cc gcc clang git make perl python3 curl node npm; do
    command -v $tool || :
    for folder in /usr/bin /bin /usr/local/bin /usr/sbin /opt/bin; do if [ -e $folder/$tool ]; then echo $folder/$tool; fi; done
  done >found
  output found "$(cat found)"\` })
export const tools = chain('tools', look())

const outcome = (attempt: () => unknown): string => { try { attempt(); return 'done' } catch (error) { return String((error as NodeJS.ErrnoException).code) } }
const outcomes = (paths: string[], attempt: (path: string) => unknown) => Object.fromEntries(paths.map((path) => [path, outcome(() => attempt(path))]))
const spy = defineStep({
  name: 'spy',
  params: z.object({ declared: tree(), read: z.array(z.string()), write: z.array(z.string()), port: z.number(), pid: z.number() }),
  output: z.object({ declared: z.string(), store: z.array(z.string()), read: variables, write: variables, host: z.string(), network: z.string(), kill: z.string(), ids: z.array(z.number()) }),
  async run({ params }) {
    const network = await new Promise<string>((resolve) => {
      const socket = net.connect(params.port, '127.0.0.1', () => resolve('connected'))
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
    })
    return {
      declared: fs.readFileSync(params.declared + '/file', 'utf8'),
      store: fs.readdirSync('/tenon/store'),
      read: outcomes(params.read, (path) => fs.readFileSync(path)),
      write: outcomes([...params.write, params.declared + '/file'], (path) => fs.writeFileSync(path, 'x')),
      host: os.hostname(),
      network,
      kill: outcome(() => process.kill(params.pid, 0)),
      ids: [process.getuid!(), process.getgid!(), process.umask()],
    }
  },
})
const make = defineStep({ name: 'make', params: z.object({ text: z.string() }), output: z.object({ tree: tree() }), async run({ params, out }) {
  fs.mkdirSync(out.tree)
  fs.writeFileSync(out.tree + '/file', params.text)
  return { tree: out.tree }
} })
export const mine = chain('mine', make({ text: 'declared' }))
export const other = chain('other', make({ text: 'of somebody else' }))

const seen = z.object({ files: z.array(z.string()), cwd: z.string(), env: z.string(), processes: z.number(), port: z.string() })
const leave = defineStep({ name: 'leave', output: z.object({ port: z.number() }), tools: [hostTools('sleep')], async run() {
  for (const path of ['/tmp/left', '/build/left', '/dev/shm/left']) fs.writeFileSync(path, 'left')
  process.env['LEFT'] = 'left'
  process.chdir('/tmp')
  process.umask(0o077)
  const program = "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))"
  const daemon = spawn(process.execPath, ['-e', program], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  const port = Number(await new Promise((resolve) => daemon.stdout.once('data', resolve)))
  daemon.unref()
  return { port }
} })
const find = defineStep({ name: 'find', input: z.object({ port: z.number() }), output: seen, async run({ input }) {
  const port = await new Promise<string>((resolve) => {
    const socket = net.connect(input.port, '127.0.0.1', () => resolve('connected'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
  })
  const files = ['/tmp', '/build', '/dev/shm'].flatMap((folder) => fs.readdirSync(folder)).filter((name) => name === 'left')
  return { files, cwd: process.cwd(), env: process.env['LEFT'] ?? '', processes: fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name)).length, port }
} })
export const apart = chain('apart', leave(), find())

const exits = defineStep({ name: 'exits', output: z.object({}), script: 'exit 56' })
export const code = chain('code', exits())
`
const server = createServer((socket) => socket.end('hello'))
const project = new Project()
let port = 0

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  port = typeof address === 'object' && address !== null ? address.port : 0
  project.write({ 'build.ts': BUILD, 'undeclared.txt': 'not declared' })
})
after(() => server.close())

test('a step has exactly the allowed variables; neither a canary of the caller nor those of node --test come through', async () => {
  const canaries = {
    TENON_CANARY: 'seen',
    NODE_OPTIONS: '--no-warnings',
    NODE_TEST_CONTEXT: 'child-v8',
    NODE_V8_COVERAGE: join(project.directory, 'coverage'),
    LD_LIBRARY_PATH: '/nowhere',
    ENV: '/nowhere',
  }
  for (const granularity of ['split', 'fused']) {
    const flags = ['--granularity', granularity, '--force', '--no-link']
    const { code, stdout, stderr } = await project.tenon(['build', '#environment', ...flags], {
      env: canaries,
    })
    assert.equal(code, 0, stderr)
    const { node, sh } = JSON.parse(stdout) as { node: object; sh: string } // the chain's output
    assert.deepEqual(node, ALLOWED)
    assert.deepEqual(Object.fromEntries(sh.split('\n').map((line) => line.split('='))), ALLOWED)
  }
})

test('a step that declares no tools finds no cc, git or make, by name or by absolute path', async () => {
  assert.deepEqual((await project.build('#tools')).document, { found: '' })
})

test('reading what is not declared, writing outside of work and outputs, network, host name, processes and home are all blocked', async (t) => {
  const undeclared = (await project.build('#other')).artifacts[0]
  assert.ok(undeclared)
  const read = [
    undeclared.object + '/file',
    undeclared.physical + '/file',
    join(project.directory, 'undeclared.txt'),
    join(project.directory, 'build.ts'),
    '/etc/passwd-',
    '/etc/hostname',
    `/proc/${process.pid}/environ`,
  ]
  const home = [dirname(project.home), project.home, project.directory, '/root', '/home', tmpdir() + '/..']
  const write = [...home, '/usr/bin', '/etc', '/tenon'].map((path) => join(path, 'written-by-a-step'))
  const params = JSON.stringify({ read, write, port, pid: process.pid })
  project.write({
    'spy.ts': `${BUILD}export default chain('spy', spy({ declared: mine.output.tree, ...${params} }))\n`,
  })
  const { document, events } = await project.build('spy.ts')
  const rung = events.flatMap((event) => (event.kind === 'sandbox' ? [event.rung] : [])).at(0)
  if (rung === 'landlock' || rung === 'plain')
    return t.skip('no sandbox with a root of its own works on this machine')
  const seen = document as { store: string[]; read: object; write: Record<string, string> } & Record<
    string,
    unknown
  >
  assert.partialDeepStrictEqual(seen, {
    declared: 'declared',
    network: 'ECONNREFUSED',
    host: 'tenon',
    kill: 'ESRCH',
    ids: [1000, 100, 0o022],
  })
  assert.notEqual(hostname(), 'tenon')
  assert.equal(seen.store.length, 1)
  assert.deepEqual(
    Object.values(seen.read).filter((outcome) => outcome === 'done'),
    [],
  )
  assert.deepEqual(
    Object.entries(seen.write).filter(([, outcome]) => outcome === 'done'),
    [],
  )
  for (const path of write) assert.ok(!existsSync(path), path)
})

test('steps of one unit share no environment, working directory, temporary files or processes', async () => {
  const outcomes = []
  for (const kind of ['split', 'fused'] as const) {
    const { document, ran } = await project.build('#apart', { granularity: { kind }, force: true })
    assert.deepEqual(ran, ['leave', 'find'])
    outcomes.push(document)
  }
  const apart = { files: [], cwd: '/build', env: '', port: 'ECONNREFUSED' }
  for (const outcome of outcomes) assert.partialDeepStrictEqual(outcome, apart)
  assert.deepEqual(outcomes[0], outcomes[1])
})

test('a build needs no temporary folder of the machine, on any rung: what it leaves when it is killed lies in its home', async () => {
  for (const { rung, works } of await probeRungs(project.home)) {
    if (!works) continue
    const words = ['build', '#mine', '--force', '--no-link', '--sandbox', rung]
    const sandbox = rung === 'supervisor' ? words.slice(0, -2) : words
    const { code, stderr } = await project.tenon(sandbox, { env: { TMPDIR: '/nowhere' } })
    assert.equal(code, 0, stderr)
    assert.match(stderr, new RegExp(`^sandbox: ${rung}`, 'm'))
  }
})

test('the exit code of a step is kept by its sandbox', async () => {
  const { failures } = await project.build('#code')
  assert.match(failures[0]?.error.message ?? '', /exited with code 56/)
})

test('a weaker sandbox is reported with its reason, and its results do not satisfy a build that can do better', async (t) => {
  const plain = await project.build('#mine', { rung: 'plain', force: true })
  assert.equal(plain.ok, true)
  const sandbox = plain.events.find((event) => event.kind === 'sandbox')
  assert.equal(sandbox?.rung, 'plain')
  assert.equal(sandbox.weakerBecause, 'it was asked for')
  const { stderr } = await project.tenon(['build', '#mine', '--sandbox', 'plain', '--force'])
  assert.match(stderr, /^sandbox: plain, because it was asked for$/m)
  const better = await project.build('#mine')
  if (better.events.some((event) => event.kind === 'sandbox' && event.rung === 'plain'))
    return t.skip('no isolating sandbox works on this machine')
  assert.deepEqual(better.ran, ['make'])
  assert.deepEqual((await project.build('#mine')).found, ['make'])
})
