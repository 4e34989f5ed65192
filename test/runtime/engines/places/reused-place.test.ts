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

/** After a step of which the supervisor said so. */
function placeWith({ hasNoMarks }: { readonly hasNoMarks: boolean }): {
  readonly place: ReusedPlace['place']
  readonly clean: () => void
} {
  const reused = placeIn()
  reused.place.hasNoMarks = hasNoMarks
  return { place: reused.place, clean: () => reused.clean() }
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

test('a folder stays when a step left entries alone, and nothing that stat does not show', () => {
  for (const name of ['build', 'tmp', 'store'] as const) {
    const { place, clean } = placeWith({ hasNoMarks: true })
    const born = bornAt(place[name])
    CHANGES['a file']?.(place[name])
    mkdirSync(join(place[name], 'deep/er'), { recursive: true })
    clean()
    assert.deepEqual(readdirSync(place[name]), [])
    assert.equal(bornAt(place[name]), born)
  }
})

test('a folder is made anew though a step left no marks when its mode or size is another', () => {
  const changes: readonly ((folder: string) => void)[] = [
    (folder) => chmodSync(folder, 0o700),
    (folder) => {
      for (let i = 0; i < 400; i++) writeFileSync(join(folder, `${i}`.padEnd(200, 'x')), '')
    },
  ]
  for (const change of changes) {
    const { place, clean } = placeWith({ hasNoMarks: true })
    const before = lstatSync(place.store)
    const born = bornAt(place.store)
    change(place.store)
    const isOther = lstatSync(place.store).size !== before.size || lstatSync(place.store).mode !== before.mode
    clean()
    assert.deepEqual(readdirSync(place.store), [])
    assert.equal(lstatSync(place.store).mode, before.mode)
    assert.equal(lstatSync(place.store).size, before.size)
    if (isOther && lstatSync(place.store).size > 0) assert.notEqual(bornAt(place.store), born)
  }
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
