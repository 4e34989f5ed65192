// zygote.test.ts — a node step in a copy of a started Node does, sees and can reach what it would in one started for it.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { childrenOf } from '../../../runtime/sandbox/process/process-tree.ts'
import { probeRungs } from '../../../runtime/sandbox/rungs.ts'
import { supervisorOf, endWaiting } from '../../../runtime/sandbox/supervisor/supervised-step.ts'
import { zygoteLibrary } from '../../../runtime/sandbox/supervisor/program.ts'
import { NO_QUICKJS, type Ran, SandboxFixture } from './sandbox-fixture.ts'

const fresh = new SandboxFixture()
const copies = new SandboxFixture({ toCome: 3 })
const probe = (await probeRungs(fresh.home)).find(({ rung }) => rung === 'supervisor')
const works = probe?.works === true && zygoteLibrary(fresh.home) !== undefined
const skip = works ? false : (probe?.reason ?? 'there is no C compiler for the library')

/** Our own variable stood at the end of what the zygote was started with; it is blank now. */
const IS_COPY = `require('node:fs').readFileSync('/proc/self/environ').subarray(-2).equals(Buffer.alloc(2))`
const { node, quickjs } = copies.on('supervisor')

const isCopy = (document: unknown): boolean => (document as { readonly is: boolean }).is // as the body returns it

/** Steps until they find a zygote: it is started beside the first of them. */
async function untilCopied(): Promise<void> {
  for (;;) if (isCopy((await node(`return { is: ${IS_COPY} }`)).document)) return
}

/** What a body may do with Node, each returning what must not depend on how its process came to be. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'files through the thread pool': `return (await fs.promises.readFile('/tenon/step/body.js', 'utf8')).length > 0`,
  'many files at once': `return (await Promise.all(Array.from({ length: 64 }, (_, i) => fs.promises.writeFile('/tmp/' + i, 'x').then(() => fs.promises.stat('/tmp/' + i))))).length`,
  timers: `const start = performance.now(); await new Promise((done) => setTimeout(done, 30)); return performance.now() - start >= 29`,
  immediates: `return await new Promise((done) => setImmediate(() => done(true)))`,
  'hashes and keys': `const crypto = require('node:crypto'); const key = await new Promise((done) => crypto.scrypt('a', 'b', 16, (_, key) => done(key.toString('hex'))))
    return [key, Buffer.from(await globalThis.crypto.subtle.digest('SHA-256', Buffer.from('x'))).toString('hex')]`,
  'WebAssembly, compiled aside': `const code = Buffer.from('AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABags=', 'base64')
    const module = await WebAssembly.compile(code); return (await WebAssembly.instantiate(module)).exports.add(2, 3)`,
  'other programs': `const { spawnSync, spawn } = require('node:child_process'); const { stdout, status } = spawnSync(process.execPath, ['-p', '1+1'])
    const code = await new Promise((done) => spawn(process.execPath, ['-e', 'process.exit(4)']).on('close', done)); return [String(stdout), status, code]`,
  'a worker': `const { Worker } = require('node:worker_threads')
    return await new Promise((done, no) => new Worker('require("node:worker_threads").parentPort.postMessage([1, 2])', { eval: true }).on('message', done).on('error', no))`,
  'a module': `fs.writeFileSync('/tmp/m.mjs', 'export const seven = await Promise.resolve(7)'); return (await import('/tmp/m.mjs')).seven`,
  compression: `return await new Promise((done) => require('node:zlib').gzip('x'.repeat(100000), (_, bytes) => done(bytes.length)))`,
  'a server and fetch': `const server = require('node:http').createServer((_, answer) => answer.end('web'))
    await new Promise((done) => server.listen(0, '127.0.0.1', done)); const got = await (await fetch('http://127.0.0.1:' + server.address().port)).text(); server.close(); return got`,
  'much memory': `let some = [], n = 0; for (let i = 0; i < 2e6; i++) { some.push({ i, text: 'x' + i }); if (some.length > 2e5) { n += some.length; some = [] } } return n`,
  'code that is optimised': `let sum = 0; for (let i = 0; i < 3e7; i++) sum = (sum + i * 7) % 1000003; return sum`,
  'a signal': `const got = new Promise((done) => process.once('SIGUSR2', () => done('got'))); process.kill(process.pid, 'SIGUSR2')
    const waiting = setInterval(() => undefined, 1000); const what = await got; clearInterval(waiting); return what`,
  'a watched folder': `fs.mkdirSync('/tmp/watched'); const watcher = fs.watch('/tmp/watched')
    const seen = new Promise((done) => watcher.once('change', () => done(true))); fs.writeFileSync('/tmp/watched/file', ''); await seen; watcher.close(); return true`,
  'its process': `return { pid: process.pid, real: fs.readlinkSync('/proc/self'), parent: process.ppid, cwd: process.cwd(), argv: process.argv, path: process.execPath,
    exe: fs.readlinkSync('/proc/self/exe'), line: fs.readFileSync('/proc/self/cmdline', 'utf8'), env: { ...process.env }, options: process.execArgv, umask: process.umask(),
    ids: [process.getuid(), process.getgid(), process.getgroups()], exit: process.exitCode ?? null }`,
  'what the kernel says of its rights': `return fs.readFileSync('/proc/self/status', 'utf8').split('\\n').filter((line) => /^(Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp|Sig|Shd)/.test(line))`,
  'what it may read of itself': `return fs.readdirSync('/proc/self/task').length > 0 && fs.readFileSync('/proc/self/maps', 'utf8').length > 0`,
  'process 1': `const attempt = (act) => { try { act(); return 'done' } catch (error) { return error.code } }
    return ['mem', 'fd/0', 'root', 'cwd', 'exe', 'environ', 'maps', 'ns/mnt'].map((name) => attempt(() => /\\/|root|cwd|exe/.test(name) ? fs.readlinkSync('/proc/1/' + name) : fs.readFileSync('/proc/1/' + name)))
      .concat(attempt(() => process.kill(1, 'SIGKILL')))`,
  'open files': `return fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd).replace(/\\[\\d+\\]|\\d+/, '') } catch { return 'gone' } })
    .filter((target) => !/eventpoll|eventfd|io_uring|^gone$/.test(target)).filter((target, i, all) => all.indexOf(target) === i).sort()`,
  mounts: `return fs.readFileSync('/proc/self/mountinfo', 'utf8').split('\\n').map((line) => line.split(' ').slice(4, 6).join(' ')).sort()`,
}
/** How a body can end, and what the driver is to say of it. */
const ENDS: Readonly<Record<string, string>> = {
  'process.exit': 'process.exit(5)',
  'an error': `throw new Error('thrown here')`,
  'an error that nobody catches': `setTimeout(() => { throw new Error('thrown later') }, 1); await new Promise((done) => setTimeout(done, 60_000))`,
  'a rejection that nobody handles': `Promise.reject(new Error('rejected here')); await new Promise((done) => setTimeout(done, 60_000))`,
  'nothing left to do': `await new Promise(() => {})`,
  'a signal': `process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})`,
  'a listener that has the last word': `process.on('exit', () => { let some = []; for (let i = 0; i < 3e5; i++) some.push({ i }); console.log('listener', some.length) }); process.exit(7)`,
}
/** Each runs to its answer: `undefined` has none. */
const outcome = ({ exit, log, document }: Ran): unknown => ({
  kind: exit.kind,
  code: exit.kind === 'exited' ? exit.code : exit.kind === 'killed' ? exit.signal : 0,
  document,
  said: log.split('\n').filter((line) => /^(Error: |listener|.*Warning)/.test(line)),
})

describe('in a copy', { skip }, () => {
  before(untilCopied)
  after(() => endWaiting(copies.home))

  for (const [what, body] of Object.entries(ATTEMPTS))
    test(`${what}: as in a Node started for the step`, async () => {
      const values = async (run: typeof node): Promise<unknown> => {
        const { document, log } = await run(
          `return { value: await (async () => { ${body} })(), is: ${IS_COPY} }`,
        )
        return document ?? { log }
      }
      const expected = await values(fresh.on('supervisor').node)
      assert.deepEqual(await values(node), { ...(expected as object), is: true })
    })
  for (const [what, body] of Object.entries(ENDS))
    test(`ended by ${what}: as in a Node started for the step`, async () => {
      const checked = `if (${IS_COPY} !== IS) throw new Error('not as expected'); ${body}`
      const run = async (on: typeof node, is: boolean): Promise<unknown> =>
        outcome(await on(checked.replace('IS)', `${is})`)))
      assert.deepEqual(await run(node, true), await run(fresh.on('supervisor').node, false))
    })

  test('random numbers are its own', async () => {
    const draw = `return { is: ${IS_COPY}, numbers: [Math.random(), require('node:crypto').randomBytes(8).toString('hex'), crypto.randomUUID()] }`
    const drawn = [await node(draw), await node(draw), await node(draw)].map(({ document }) => document)
    assert(drawn.every(isCopy))
    const numbers = drawn.flatMap((one) => (one as { numbers: unknown[] }).numbers)
    assert.equal(new Set(numbers).size, numbers.length)
  })
  test('no memory, descriptor or variable leads to the zygote or to another copy', async () => {
    const { document } =
      await node(`globalThis.left = 1; process.env.LEFT = '1'; require('node:module').left = 1
      return { shared: fs.readFileSync('/proc/self/maps', 'utf8').split('\\n').filter((line) => / [r-][w-][x-]s /.test(line)),
        inherited: Object.keys(process.env).filter((name) => /LD_|TENON|UV_/.test(name)) }`)
    assert.deepEqual(document, { shared: [], inherited: [] })
    const next = await node(
      `return { left: [typeof globalThis.left, typeof process.env.LEFT, typeof require('node:module').left] }`,
    )
    assert.deepEqual(next.document, { left: ['undefined', 'undefined', 'undefined'] })
    // What one writes into its event loop's descriptors does not arrive in the next.
    const write = `for (let fd = 3; fd < 40; fd++) try { fs.writeSync(fd, Buffer.alloc(8, 1)) } catch {} return { is: ${IS_COPY} }`
    for (let i = 0; i < 3; i++) assert.deepEqual((await node(write)).document, { is: true })
  })
  test('ten steps at once are ten processes, and no further Node is started', async () => {
    const zygotes = (): readonly number[] => zygotesOf(process.pid)
    const earlier = zygotes()
    const ran = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        node(
          `fs.writeFileSync('/tmp/mine', '${i}'); return { is: ${IS_COPY}, read: fs.readFileSync('/tmp/mine', 'utf8') }`,
        ),
      ),
    )
    assert.deepEqual(
      ran.map(({ document }) => document),
      Array.from({ length: 10 }, (_, i) => ({ is: true, read: String(i) })),
    )
    assert.deepEqual(zygotes(), earlier)
  })
  test('a zygote that is killed is done without', async () => {
    for (const pid of zygotesOf(process.pid)) process.kill(pid, 'SIGKILL')
    while (zygotesOf(process.pid).length > 0) await wait(5)
    const seen = new Set<unknown>()
    for (let i = 0; i < 4; i++) seen.add((await node(`return { is: ${IS_COPY} }`)).exit.kind)
    assert.deepEqual([...seen], ['answered'])
  })
  test('a zygote that is stopped holds nobody up for long', async () => {
    endWaiting(copies.home) // the one that was killed is forgotten
    await untilCopied()
    for (const pid of zygotesOf(process.pid)) process.kill(pid, 'SIGSTOP')
    for (let i = 0; i < 4; i++) assert.equal((await node('return {}')).exit.kind, 'answered')
    assert.deepEqual(zygotesOf(process.pid), [])
  })
  test('a quickjs body runs in a copy too', { skip: NO_QUICKJS }, async () => {
    for (let i = 0; i < 5; i++)
      assert.deepEqual((await quickjs(`return { cwd: files.exists('/build/src'), n: ${i} }`)).document, {
        cwd: true,
        n: i,
      })
    assert(supervisorOf(copies.home).foundWaiting > 0)
  })
})

test(
  'where the library can not be loaded, rooms are made ahead by starting the interpreter',
  { skip },
  async () => {
    const broken = new SandboxFixture({ toCome: 3, isNew: true })
    try {
      writeFileSync(zygoteLibrary(broken.home) ?? '', 'no library')
      const { node } = broken.on('supervisor')
      for (let i = 0; i < 2 || supervisorOf(broken.home).foundWaiting === 0; i++)
        assert.equal(isCopy((await node(`return { is: ${IS_COPY} }`)).document), false)
    } finally {
      endWaiting(broken.home)
    }
  },
)

/** Children of the supervisors that stand in no namespace of processes of their own. */
function zygotesOf(driver: number): readonly number[] {
  const supervisors = childrenOf(driver).filter(
    (pid) => readFileSync(`/proc/${pid}/comm`, 'latin1') === 'tenon-superviso\n',
  )
  return supervisors
    .flatMap(childrenOf)
    .filter((pid) => /^NSpid:\s+\d+$/m.test(statusOf(pid)) && !/^State:\s+Z/m.test(statusOf(pid)))
}
function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1')
  } catch {
    return '' // it has ended
  }
}
