// tree-digest.test.ts — what the digest of a tree sees and what not, and that its bytes are protobuf's.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'node:test'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { hashFile } from '../../../runtime/store/files/hash-file.ts'
import { encodeDirectory, readNode, treeDigest } from '../../../runtime/store/tree-digest.ts'
import { makeTree, temporaryDirectory } from './temporary.ts'

const EMPTY = digestOf('')
const hex = (text: string): string => Buffer.from(text).toString('hex')

test('the digest of an empty directory is that of the empty message', () => {
  assert.deepEqual(treeDigest(temporaryDirectory()), { digest: EMPTY, sizeBytes: 0 })
})

test('a directory is encoded as the Directory message, byte for byte', () => {
  const digest = digestOf('content')
  const message = encodeDirectory([
    { name: Buffer.from('link'), node: { kind: 'link', target: Buffer.from('../x') } },
    { name: Buffer.from('sub'), node: { kind: 'tree', digest, sizeBytes: 300 } },
    { name: Buffer.from('b'), node: { kind: 'file', digest, sizeBytes: 5_000_000_000, executable: true } },
    { name: Buffer.from('a'), node: { kind: 'file', digest: EMPTY, sizeBytes: 0, executable: false } },
  ])
  const expected = [
    '0a47' + '0a01' + hex('a') + '1242' + '0a40' + hex(EMPTY), // size 0 and false are left out
    // 5,000,000,000 = 0x12a05f200, seven bits a byte: 80 e4 97 d0 12
    '0a4f' + '0a01' + hex('b') + '1248' + '0a40' + hex(digest) + '1080e497d012' + '2001',
    '124c' + '0a03' + hex('sub') + '1245' + '0a40' + hex(digest) + '10ac02',
    '1a0c' + '0a04' + hex('link') + '1204' + hex('../x'),
  ]
  assert.equal(message.toString('hex'), expected.join(''))
})

test('the digest of a tree is pinned', () => {
  const tree = makeTree(
    join(temporaryDirectory(), 'tree'),
    {
      'bin/run': '#!/bin/sh\n',
      'share/empty': null,
      'share/ü.txt': 'text',
      link: { link: 'bin/run' },
      dangling: { link: '/nowhere' },
    },
    ['bin/run'],
  )
  assert.deepEqual(treeDigest(tree), {
    digest: '9e87aee53e786d72ae0954aaafb448600e5875dc66cd02e608fa735f4dbc763d',
    sizeBytes: 196,
  })
})

test('times, owners, other mode bits and the order of creation do not show', () => {
  const directory = temporaryDirectory()
  const one = makeTree(join(directory, 'one'), { a: '1', b: '2', 'c/d': '3' })
  const other = makeTree(join(directory, 'other'), { 'c/d': '3', b: '2', a: '1' })
  utimesSync(join(other, 'a'), 1, 1)
  chmodSync(join(other, 'b'), 0o600)
  chmodSync(join(other, 'c'), 0o700)
  assert.deepEqual(treeDigest(other), treeDigest(one))
})

test('content, name, executable bit, link target, kind and empty directories each show', () => {
  const directory = temporaryDirectory()
  const tree = makeTree(join(directory, 'tree'), { f: 'x', 'd/g': 'y', l: { link: 'f' } })
  const seen = [treeDigest(tree).digest]
  const changes: (() => void)[] = [
    () => writeFileSync(join(tree, 'f'), 'X'),
    () => chmodSync(join(tree, 'f'), 0o744),
    () => renameSync(join(tree, 'f'), join(tree, 'F')),
    () => mkdirSync(join(tree, 'd/empty')),
    () => makeTree(tree, { m: { link: 'F' } }),
    () => rmSync(join(tree, 'm')),
    () => makeTree(tree, { m: { link: 'f' } }),
    () => (rmSync(join(tree, 'm')), writeFileSync(join(tree, 'm'), 'f')),
  ]
  for (const change of changes) {
    change()
    seen.push(treeDigest(tree).digest)
  }
  assert.equal(seen[4], seen[6]) // the link came and went
  assert.equal(new Set(seen).size, seen.length - 1)
})

test('hard links are files of the same content', () => {
  const directory = temporaryDirectory()
  const linked = makeTree(join(directory, 'linked'), { a: 'x' })
  linkSync(join(linked, 'a'), join(linked, 'b'))
  assert.deepEqual(treeDigest(linked), treeDigest(makeTree(join(directory, 'copied'), { a: 'x', b: 'x' })))
})

test('names and targets may be any bytes, and are sorted by them', () => {
  const directory = temporaryDirectory()
  const raw = (...bytes: number[]): Buffer =>
    Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(bytes)])
  writeFileSync(raw(0xff, 0x61), '1')
  writeFileSync(raw(0xc3, 0xa9), '2')
  writeFileSync(raw(0x0a), '3')
  const node = readNode(directory)
  assert.ok(node.kind === 'tree')
  assert.deepEqual(
    node.entries.map(({ name }) => name.toString('hex')),
    ['0a', 'c3a9', 'ff61'],
  )
  assert.equal(node.contentBytes, 3)
})

test('a directory that is a link is a link, not what it leads to', () => {
  const directory = temporaryDirectory()
  makeTree(directory, { 'real/a': 'x', 'tree/l': { link: '../real' } })
  const before = treeDigest(join(directory, 'tree'))
  writeFileSync(join(directory, 'real/a'), 'y')
  assert.deepEqual(treeDigest(join(directory, 'tree')), before)
})

test('named pipes, sockets and devices are refused by name', async () => {
  const directory = temporaryDirectory()
  const refuses = (path: string, kind: string): void =>
    assert.throws(
      () => treeDigest(directory),
      (error) =>
        error instanceof CodedError && error.code === 'TN5010' && error.message === `${path} is ${kind}`,
    )
  const pipe = join(directory, 'pipe')
  assert.equal(spawnSync('mkfifo', [pipe]).status, 0)
  refuses(pipe, 'a named pipe')
  rmSync(pipe)
  const socket = join(directory, 'socket')
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  refuses(socket, 'a socket')
  await new Promise((resolve) => server.close(resolve))
  assert.throws(() => readNode('/dev/null'), { code: 'TN5010', message: '/dev/null is a device' })
})

test('a file larger than a chunk has the digest of its bytes, at any length near the edge', () => {
  const file = join(temporaryDirectory(), 'file')
  for (const length of [(1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 5]) {
    const bytes = Buffer.alloc(length, 'seven b')
    writeFileSync(file, bytes)
    assert.deepEqual(hashFile(Buffer.from(file)), { digest: digestOf(bytes), sizeBytes: length })
  }
})

test('a large file is read in pieces, not into memory', () => {
  const file = join(temporaryDirectory(), 'sparse')
  writeFileSync(file, '')
  truncateSync(file, 600 * 2 ** 20)
  const before = process.memoryUsage.rss()
  assert.equal(hashFile(Buffer.from(file)).sizeBytes, 600 * 2 ** 20)
  assert.ok(process.memoryUsage.rss() - before < 100 * 2 ** 20)
})
