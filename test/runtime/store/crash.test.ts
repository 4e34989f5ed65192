// crash.test.ts — kill -9 at any moment, and several processes at once, leave a store whose every object is whole.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Store } from '../../../runtime/store/store.ts'
import { treeDigest } from '../../../runtime/store/tree-digest.ts'
import { objectFiles } from './programs/object-files.ts'
import { makeTree, temporaryStore } from './temporary.ts'

const PROGRAM = fileURLToPath(import.meta.resolve('./programs/admit-until-killed.ts'))
const OBJECTS = 40

function start(home: string, first: number, count: number): { child: ChildProcess; said: string[] } {
  const child = spawn(process.execPath, [PROGRAM, home, String(first), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  child.stdout
    ?.setEncoding('utf8')
    .on('data', (text: string) => said.push(...text.split('\n').filter((line) => line !== '')))
  return { child, said }
}

/** Every object that has a record has the files that the record says. */
function assertWhole(store: Store): string[] {
  const names = readdirSync(join(store.home, 'objects')).map((name) => name.replace(/\.json$/, ''))
  for (const name of names) {
    const object = store.object(`/tenon/store/${name}`)
    assert.equal(object?.digest, treeDigest(join(store.home, 'store', name)).digest, name)
  }
  return names
}

test('a process killed while it admits leaves whole objects, no scratch, and nothing in the way of the next', async () => {
  const { store, work } = temporaryStore()
  let next = 0
  for (let round = 0; round < 4; round++) {
    const { child, said } = start(store.home, next, OBJECTS)
    while (said.length === 0 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 40))
    child.kill('SIGKILL')
    await once(child, 'close')
    const reopened = Store.open(store.home)
    const names = assertWhole(reopened)
    for (const path of said)
      assert.ok(names.includes(path.slice('/tenon/store/'.length)), `${path} was said to be there`)
    assert.deepEqual(
      readdirSync(join(store.home, 'tmp')).filter((name) => name.includes(`-${child.pid}-`)),
      [],
    )
    next += said.length // the one in the middle of which it was killed comes first in the next round
  }
  assert.ok(next > 0)
  for (let index = 0; index <= next; index++) {
    const { name, files, placeholder } = objectFiles(index)
    store.admit(makeTree(join(work, name), files), { name, placeholder, candidates: [], consume: true })
  }
  assert.equal(assertWhole(store).length, readdirSync(join(store.home, 'store')).length)
})

test('processes that admit the same trees at once agree, and each object is whole', async () => {
  const { store } = temporaryStore()
  const running = [1, 2, 3].map(() => start(store.home, 0, 10))
  const ends = await Promise.all(running.map(async ({ child }) => once(child, 'close')))
  assert.deepEqual(
    ends,
    running.map(() => [0, null]),
  )
  for (const { said } of running) assert.deepEqual(said, running[0]?.said)
  assert.equal(assertWhole(store).length, 10)
})
