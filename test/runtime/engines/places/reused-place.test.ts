// reused-place.test.ts — the second step in a place finds the folders of the first, and nothing of what that one did.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { noticesChanges, ReusedPlace } from '../../../../runtime/engines/places/reused-place.ts'
import { temporaryFolder } from '../../../temporary-folder.ts'
import { temporaryStore } from '../../store/temporary.ts'

function placeIn(): ReusedPlace {
  return new ReusedPlace(temporaryStore().store.scratch('step'))
}

/** A folder that was removed may leave its number to the next one, but not its time of birth. */
function bornAt(folder: string): bigint {
  return lstatSync(folder, { bigint: true }).birthtimeNs
}

const CHANGES: Readonly<Record<string, (folder: string) => void>> = {
  'a file': (folder) => writeFileSync(join(folder, 'left'), ''),
  'a folder that nobody may read': (folder) => mkdirSync(join(folder, 'left'), 0),
  'a dangling link': (folder) => symlinkSync('/nowhere', join(folder, 'left')),
  'its mode alone': (folder) => chmodSync(folder, 0o700),
  'its mode, to the one it had': (folder) => chmodSync(folder, 0o755),
  'its time alone': (folder) => utimesSync(folder, 1, 1),
}
for (const name of ['build', 'tmp', 'store', 'step'] as const)
  for (const [what, change] of Object.entries(CHANGES))
    test(`${name} is made anew when a step left or changed ${what}`, () => {
      const reused = placeIn()
      const folder = reused.place[name]
      const born = bornAt(folder)
      change(folder)
      reused.clean()
      assert.deepEqual(readdirSync(folder), [])
      assert.equal(lstatSync(folder).mode & 0o777, 0o755)
      assert.notEqual(bornAt(folder), born)
    })

test('what no step has touched is not made again', (t) => {
  const reused = placeIn()
  const { build, tmp, store } = reused.place
  if (!noticesChanges(reused.directory)) return t.skip('this file system gives two changes the same time')
  const born = [build, tmp, store].map(bornAt)
  for (let step = 0; step < 3; step++) {
    writeFileSync(join(reused.place.step, 'request.json'), '{}')
    reused.clean()
  }
  assert.deepEqual([build, tmp, store].map(bornAt), born)
})

test('what steps leave in memory stays aside while there is enough, and goes when much of it is taken', (t) => {
  const memory = temporaryFolder('memory')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=100', 'tmpfs', memory])
  t.after(() => {
    if (mounted.status === 0) execFileSync('umount', [memory])
  })
  if (mounted.status !== 0) return t.skip('a file system in memory is mounted by root')
  const reused = new ReusedPlace(temporaryStore().store.scratch('step'), memory)
  const { step } = reused.place
  const leave = (bytes: number): readonly string[] => {
    writeFileSync(join(step, 'left'), Buffer.alloc(bytes))
    assert.equal(reused.isFull, false)
    reused.clean()
    assert.deepEqual(readdirSync(step), [])
    return readdirSync(join(memory, 'aside'))
  }
  assert.deepEqual([leave(1), leave(1)], [['1'], ['1', '2']])
  assert.deepEqual([leave(400_000), leave(1)], [['3'], ['4']])
  assert.deepEqual(leave(1), ['4', '5'])
})

test('mount points are moved from step to step, files and folders apart', () => {
  const { place } = placeIn()
  const born: bigint[][] = []
  for (const step of ['first', 'second']) {
    place.mountPoints.make(join(place.store, `${step}-file`), 'file')
    place.mountPoints.make(join(place.store, `${step}-folder`), 'folder')
    assert.ok(lstatSync(join(place.store, `${step}-file`)).isFile())
    assert.ok(lstatSync(join(place.store, `${step}-folder`)).isDirectory())
    born.push([`${step}-file`, `${step}-folder`].map((name) => bornAt(join(place.store, name))))
    place.mountPoints.takeBack()
    assert.deepEqual(readdirSync(place.store), [])
  }
  assert.deepEqual(born[1], born[0])
})
