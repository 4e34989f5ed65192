// lock.test.ts — one holder at a time, among tasks and processes; the dead hold nobody up.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  lutimesSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { isGone, processName } from '../../../runtime/store/running/process-name.ts'
import { Store } from '../../../runtime/store/store.ts'
import { KINDS, keyOf, type Take } from './programs/lock-kinds.ts'
import { temporaryStore } from './temporary.ts'

const PROGRAM = fileURLToPath(import.meta.resolve('./programs/hold-lock.ts'))

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}
const [BOOT, , PID, START] = processName().split('-')
const FOREIGN = `${BOOT}-1-${PID}-${START}` // the same in another process id namespace

for (const [kind, take] of Object.entries(KINDS)) conform(kind, take)

function conform(kind: string, take: Take): void {
  test(`${kind}: tasks of one process get a lock one after the other`, async () => {
    const { store } = temporaryStore()
    const events: string[] = []
    const task = async (name: string): Promise<void> => {
      const release = await take(store)
      events.push(`${name} in`)
      await new Promise((resolve) => setTimeout(resolve, 5))
      events.push(`${name} out`)
      release()
      release()
    }
    await Promise.all(['a', 'b', 'c'].map(task))
    assert.equal(events.length, 6)
    for (let at = 0; at < 6; at += 2) assert.equal(events[at]?.[0], events[at + 1]?.[0])
  })

  test(`${kind}: different keys do not wait for each other`, async () => {
    const { store } = temporaryStore()
    const one = await take(store, {}, 'one')
    const other = await take(store, { onWait: () => assert.fail('waited') }, 'other')
    one()
    other()
  })

  test(`${kind}: processes that take turns lose no update`, async () => {
    const { store, work } = temporaryStore()
    const file = join(work, 'file')
    writeFileSync(file, '')
    const children = [1, 2, 3].map(() => start(store.home, kind, file))
    await Promise.all(children.map(async (child) => once(child, 'close')))
    assert.equal(readFileSync(`${file}.done`, 'utf8'), 'ddd')
    assert.equal(readFileSync(file, 'utf8').length, 75)
  })

  test(`${kind}: a living process is waited for, and one killed holds nobody up`, async () => {
    const { store } = temporaryStore()
    const child = start(store.home, kind)
    await once(child.stdout ?? assert.fail(), 'data')
    let waited = 0
    const lock = take(store, { onWait: () => waited++ })
    const first = await Promise.race([lock, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))])
    assert.equal(first, 'waiting')
    child.kill('SIGKILL')
    await once(child, 'close')
    const release = await lock
    assert.equal(waited, 1)
    release()
  })

  test(`${kind}: many that find the same stale lock still get it one at a time`, async () => {
    const { store } = temporaryStore()
    for (let round = 0; round < 5; round++) {
      const child = start(store.home, kind)
      await once(child.stdout ?? assert.fail(), 'data')
      child.kill('SIGKILL')
      await once(child, 'close')
      let inside = 0
      const task = async (): Promise<void> => {
        const release = await take(Store.open(store.home))
        assert.equal(++inside, 1)
        await new Promise((resolve) => setImmediate(resolve))
        inside--
        release()
      }
      await Promise.all(Array.from({ length: 5 }, task))
    }
  })

  test(`${kind}: waiting ends when the build is cancelled, and the lock stays with its holder`, async () => {
    const { store } = temporaryStore()
    const release = await take(store)
    const controller = new AbortController()
    const waiting = take(store, { signal: controller.signal })
    setTimeout(() => controller.abort(), 20)
    await assert.rejects(waiting, { name: 'AbortError' })
    await assert.rejects(take(store, { signal: controller.signal }), { name: 'AbortError' })
    await assert.rejects(take(Store.open(store.home), { signal: AbortSignal.timeout(50) }))
    release()
    const next = await take(Store.open(store.home), { onWait: () => assert.fail('waited') })
    next()
  })
}

test('a process is told from a later one with the same id, and from those of other boots', () => {
  const [boot, namespace, pid, start] = processName().split('-') as [string, string, string, string] // four parts
  assert.equal(isGone(processName(), Infinity, 0), false)
  assert.equal(isGone(`${boot}-${namespace}-${pid}-${Number(start) - 1}`, 0, 1), true)
  assert.equal(isGone(`${boot}-${namespace}-999999999-${start}`, 0, 1), true)
  assert.equal(isGone(`00000000-${namespace}-${pid}-${start}`, 0, 1), true)
})

test('a process of another container counts as gone when it has long given no sign', async () => {
  const { store } = temporaryStore()
  assert.equal(isGone(FOREIGN, 99, 100), false)
  assert.equal(isGone(FOREIGN, 101, 100), true)

  const scratch = join(store.home, 'tmp', FOREIGN)
  mkdirSync(scratch)
  const link = join(store.home, 'locks', 'key')
  symlinkSync(`${FOREIGN} 1`, link)
  const claims = join(scratch, 'claims.1')
  writeFileSync(claims, `${keyOf('another')}\n${keyOf('key')}\n`)
  for (const [kind, file] of Object.entries({ lock: link, claim: claims })) {
    const take = KINDS[kind] ?? assert.fail()
    await assert.rejects(take(store, { signal: AbortSignal.timeout(50) }))
    lutimesSync(file, 0, 0)
    const release = await take(store)
    release()
  }

  Store.open(store.home)
  assert.ok(readdirSync(join(store.home, 'tmp')).includes(FOREIGN))
  utimesSync(scratch, 0, 0)
  Store.open(store.home)
  assert.ok(!readdirSync(join(store.home, 'tmp')).includes(FOREIGN))
})

test('any number of claims make one file, which is gone when none is left and the store lets go', async () => {
  const { store } = temporaryStore()
  const claim = KINDS['claim'] ?? assert.fail()
  const names = Array.from({ length: 50 }, (_, i) => `key ${i}`)
  const files = (): string[] => readdirSync(store.home, { recursive: true, encoding: 'utf8' }).sort()
  const before = files()
  const first = await claim(store, {}, 'first')
  const during = files()
  assert.equal(during.length, before.length + 2) // the process's directory, and its claims
  const releases = await Promise.all(names.map((name) => claim(store, {}, name)))
  assert.deepEqual(files(), during)
  releases.forEach((release) => release())
  store.release()
  const other = Store.open(store.home)
  await assert.rejects(claim(other, { signal: AbortSignal.timeout(20) }, 'first'))
  other.release()
  first()
  store.release()
  assert.equal(files().length, before.length + 1)
})
