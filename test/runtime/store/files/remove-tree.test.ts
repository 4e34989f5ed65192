// remove-tree.test.ts — whatever a step leaves can be taken away, and nothing else goes with it.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { removeTree } from '../../../../runtime/store/files/remove-tree.ts'
import { makeTree, temporaryDirectory } from '../temporary.ts'

test('a tree of any depth goes, with names that are no text and folders that nobody may read', () => {
  const directory = temporaryDirectory()
  const top = join(directory, 'top')
  makeTree(top, { 'closed/inner/file': 'x', 'raised.1/raised.2': 'taken', 'raised.3': null })
  writeFileSync(Buffer.concat([Buffer.from(`${top}/`), Buffer.of(0xff, 0x0a, 0xfe)]), '')
  // 4,096 bytes are the longest path that the kernel takes; these are 40,000.
  const dig = `for (let i = 0; i < 20; i++) for (let j = 0; j < 40; j++) {
    require('fs').mkdirSync('d'.repeat(50)); process.chdir('d'.repeat(50)); if (j === 0) require('fs').writeFileSync('file', '') }
    require('fs').mkdirSync('closed', 0)`
  const dug = spawnSync(process.execPath, ['-e', dig], { cwd: top, encoding: 'utf8' })
  assert.equal(dug.status, 0, dug.stderr)
  for (const folder of ['closed/inner', 'closed']) chmodSync(join(top, folder), 0)
  removeTree(top)
  assert.ok(!existsSync(top))
})

test('what a link leads to stays', () => {
  const directory = temporaryDirectory()
  mkdirSync(join(directory, 'kept'))
  writeFileSync(join(directory, 'kept/file'), '')
  mkdirSync(join(directory, 'top'))
  symlinkSync(join(directory, 'kept'), join(directory, 'top/link'))
  removeTree(join(directory, 'top'))
  assert.deepEqual(readdirSync(join(directory, 'kept')), ['file'])
})
