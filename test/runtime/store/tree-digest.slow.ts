// tree-digest.slow.ts — a file beyond 4 GiB.
import assert from 'node:assert/strict'
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { readNode } from '../../../runtime/store/tree-digest.ts'
import { temporaryDirectory } from './temporary.ts'

test('a file of more than 4 GiB has its true size and needs no memory', () => {
  const file = join(temporaryDirectory(), 'sparse')
  writeFileSync(file, '')
  truncateSync(file, 2 ** 32 + 7)
  const before = process.memoryUsage.rss()
  const node = readNode(file)
  assert.ok(node.kind === 'file')
  assert.equal(node.sizeBytes, 2 ** 32 + 7)
  assert.equal(node.digest, '8bfc028943c6cd8d43e54f9b91c380e0ce43eea4b54c4c567b33069385c2c7b9')
  assert.ok(process.memoryUsage.rss() - before < 100 * 2 ** 20)
})
