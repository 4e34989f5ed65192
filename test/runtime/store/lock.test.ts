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
import { temporaryStore } from './temporary.ts'

const PROGRAM = fileURLToPath(import.meta.resolve('./programs/hold-lock.ts'))

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}
const locks = (store: Store): string[] => readdirSync(join(store.home, 'locks'))

test('tasks of one process get a lock one after the other', async (t) => {
  const { store } = temporaryStore(t)
  const events: string[] = []
  const task = async (name: string): Promise<void> => {
    const release = await store.lockKey('key')
    events.push(`${name} in`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    events.push(`${name} out`)
    release()
    release()
  }
  await Promise.all(['a', 'b', 'c'].map(task))
  assert.equal(events.length, 6)
  for (let at = 0; at < 6; at += 2) assert.equal(events[at]?.[0], events[at + 1]?.[0])
  assert.deepEqual(locks(store), [])
})

test('different keys do not wait for each other', async (t) => {
  const { store } = temporaryStore(t)
  const one = await store.lockKey('one')
  const other = await store.lockKey('other', { onWait: () => assert.fail('waited') })
  one()
  other()
})

test('processes that take turns lose no update', async (t) => {
  const { store, work } = temporaryStore(t)
  const file = join(work, 'file')
  writeFileSync(file, '')
  const children = [1, 2, 3].map(() => start(store.home, file))
  await Promise.all(children.map(async (child) => once(child, 'close')))
  assert.equal(readFileSync(`${file}.done`, 'utf8'), 'ddd')
  assert.equal(readFileSync(file, 'utf8').length, 75)
})

test('a living process is waited for, and one killed holds nobody up', async (t) => {
  const { store } = temporaryStore(t)
  const child = start(store.home)
  await once(child.stdout ?? assert.fail(), 'data')
  let waited = 0
  const lock = store.lockKey('key', { onWait: () => waited++ })
  const first = await Promise.race([lock, new Promise((resolve) => setTimeout(resolve, 300, 'waiting'))])
  assert.equal(first, 'waiting')
  child.kill('SIGKILL')
  await once(child, 'close')
  const release = await lock
  assert.equal(waited, 1)
  release()
})

test('many that find the same stale lock still get it one at a time', async (t) => {
  const { store } = temporaryStore(t)
  for (let round = 0; round < 5; round++) {
    const child = start(store.home)
    await once(child.stdout ?? assert.fail(), 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    let inside = 0
    const task = async (): Promise<void> => {
      const release = await Store.open(store.home).lockKey('key')
      assert.equal(++inside, 1)
      await new Promise((resolve) => setImmediate(resolve))
      inside--
      release()
    }
    await Promise.all(Array.from({ length: 5 }, task))
  }
})

test('waiting ends when the build is cancelled, and the lock stays with its holder', async (t) => {
  const { store } = temporaryStore(t)
  const release = await store.lockKey('key')
  const controller = new AbortController()
  const waiting = store.lockKey('key', { signal: controller.signal })
  setTimeout(() => controller.abort(), 20)
  await assert.rejects(waiting, { name: 'AbortError' })
  await assert.rejects(store.lockKey('key', { signal: controller.signal }), { name: 'AbortError' })
  assert.equal(locks(store).length, 1)
  release()
  assert.deepEqual(locks(store), [])
})

test('a process is told from a later one with the same id, and from those of other boots', () => {
  const [boot, namespace, pid, start] = processName().split('-') as [string, string, string, string] // four parts
  assert.equal(isGone(processName(), Infinity, 0), false)
  assert.equal(isGone(`${boot}-${namespace}-${pid}-${Number(start) - 1}`, 0, 1), true)
  assert.equal(isGone(`${boot}-${namespace}-999999999-${start}`, 0, 1), true)
  assert.equal(isGone(`00000000-${namespace}-${pid}-${start}`, 0, 1), true)
})

test('a process of another container counts as gone when it has long given no sign', async (t) => {
  const { store } = temporaryStore(t)
  const [boot, , pid, start] = processName().split('-')
  const foreign = `${boot}-1-${pid}-${start}`
  assert.equal(isGone(foreign, 99, 100), false)
  assert.equal(isGone(foreign, 101, 100), true)

  const held = await store.lockKey('key')
  const [name = ''] = locks(store)
  held()
  const file = join(store.home, 'locks', name)
  symlinkSync(`${foreign} 1`, file)
  await assert.rejects(store.lockKey('key', { signal: AbortSignal.timeout(50) }))
  lutimesSync(file, 0, 0)
  const release = await store.lockKey('key')
  release()

  const scratch = join(store.home, 'tmp', foreign)
  mkdirSync(scratch)
  Store.open(store.home)
  assert.ok(readdirSync(join(store.home, 'tmp')).includes(foreign))
  utimesSync(scratch, 0, 0)
  Store.open(store.home)
  assert.ok(!readdirSync(join(store.home, 'tmp')).includes(foreign))
})
