// ordinary-user.test.ts — root passes over permissions; so what the store's tests claim must hold for an ordinary user as well.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Store } from '../../../runtime/store/store.ts'
import { makeTree, temporaryDirectory, temporaryStore } from './temporary.ts'

const USER = 65534
const TESTS = [
  'admit',
  'leftovers',
  'store',
  'roots',
  'crash',
  'upkeep/collect',
  'upkeep/verify',
  'files/remove-tree',
  '../engines/places/reused-place',
].map((name) => fileURLToPath(import.meta.resolve(`./${name}.test.ts`)))

/** The reason why this can't be tried here, or false. */
function skip(): string | false {
  if (process.geteuid?.() !== 0)
    return 'only root can become another user; the other tests ran as an ordinary one'
  const readable = spawnSync(
    process.execPath,
    ['-e', `require('fs').readFileSync(${JSON.stringify(TESTS[0])})`],
    { uid: USER, gid: USER },
  )
  return readable.status === 0 ? false : 'an ordinary user cannot read this directory'
}

test('admission, copies, scratch and crashes work for an ordinary user', { skip: skip() }, () => {
  const directory = temporaryDirectory()
  chownSync(directory, USER, USER)
  const env = {
    ...process.env,
    TMPDIR: directory,
    TENON_TEST_RUN: directory,
    NODE_COMPILE_CACHE: join(directory, 'node'),
    HOME: directory,
    NODE_TEST_CONTEXT: undefined,
  }
  const child = spawnSync(process.execPath, ['--test', ...TESTS], {
    uid: USER,
    gid: USER,
    env,
    encoding: 'utf8',
  })
  assert.equal(child.status, 0, child.stdout + child.stderr)
  assert.match(child.stdout, /pass [1-9]\d/)
})

test('a home that belongs to somebody else is told, with what to check', { skip: skip() }, () => {
  const { store } = temporaryStore()
  const script = `import { Store } from ${JSON.stringify(import.meta.resolve('../../../runtime/store/store.ts'))}
    try { Store.open(process.argv[1]).scratch('x') } catch (error) { console.log(error.code, error.message, error.hint) }`
  chmodSync(join(store.home, '..'), 0o755)
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', script, store.home], {
    uid: USER,
    gid: USER,
    encoding: 'utf8',
  })
  assert.match(
    child.stdout,
    /^TN5001 could not make a scratch directory: EACCES: .* Check the owner and the permissions/,
  )
})

test('root makes its own what another user left for it', { skip: skip() }, () => {
  const { store, work } = temporaryStore()
  const tree = makeTree(join(work, 'tree'), { 'd/a': 'x' })
  for (const path of ['', 'd', 'd/a']) chownSync(join(tree, path), USER, USER)
  const object = store.admit(tree, { name: 'x', candidates: [], consume: true })
  chmodSync(join(store.home, '..'), 0o755)
  const script = `const fs = require('fs'); try { fs.chmodSync(process.argv[1] + '/d/a', 0o644) } catch (error) { console.log(error.code) }`
  const child = spawnSync(process.execPath, ['-e', script, store.physical(object.path)], {
    uid: USER,
    gid: USER,
    encoding: 'utf8',
  })
  assert.equal(child.stdout, 'EPERM\n')
  assert.equal(readFileSync(join(Store.open(store.home).physical(object.path), 'd/a'), 'utf8'), 'x')
})
