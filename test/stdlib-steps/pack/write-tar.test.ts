// write-tar.test.ts — a tar's bytes depend on the tree alone, and unpack gives the tree back.
import assert from 'node:assert/strict'
import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { treeEntries } from '../../../stdlib-steps/files/tree-entries.ts'
import { type TarLayout, writeTar } from '../../../stdlib-steps/pack/write-tar.ts'
import { unpacked } from '../archive/archives.ts'
import { type Files, withTree } from '../temp-tree.ts'

const FILES: Files = {
  'b/run': '*#!/bin/sh\n',
  'a.txt': 'hello\n',
  'b/link': '-> ../a.txt',
  'empty/': '',
  [`long/${'name'.repeat(50)}`]: 'x'.repeat(200_000),
}
const PLAIN: TarLayout = { prefix: 'top', mtimeMs: 315_532_800_000, compression: 'none' }

async function tarOf(files: Files, layout: Partial<TarLayout> = {}, seconds = 0): Promise<Buffer> {
  return withTree(files, async (root) => {
    const entries = treeEntries(root)
    for (const { kind, path } of entries)
      if (kind !== 'symlink') utimesSync(join(root, path), seconds, seconds)
    return withTree({}, async (aside) => {
      await writeTar(root, entries, join(aside, 'out.tar'), { ...PLAIN, ...layout })
      return readFileSync(join(aside, 'out.tar'))
    })
  })
}

test('times and the order in which files were made change nothing', async () => {
  const reversed = Object.fromEntries(Object.entries(FILES).toReversed())
  for (const compression of ['none', 'gzip', 'zstd'] as const)
    assert.deepEqual(await tarOf(FILES, { compression }, 1), await tarOf(reversed, { compression }, 1e9))
})

test('unpacking gives the same tree', async () => {
  const { tree, error } = await unpacked(await tarOf(FILES))
  assert.equal(error, undefined)
  assert.deepEqual(
    tree.map((line) => line.slice(0, 24)),
    [
      'a.txt: hello\n',
      'b/',
      'b/link -> ../a.txt',
      'b/run* #!/bin/sh\n',
      'empty/',
      'long/',
      `long/${'name'.repeat(5)}`.slice(0, 24),
    ],
  )
})

test('compression holds the same tar, gzip without a time', async () => {
  const plain = await tarOf(FILES)
  const gzip = await tarOf(FILES, { compression: 'gzip' })
  assert.deepEqual(gunzipSync(gzip), plain)
  assert.deepEqual([...gzip.subarray(4, 8)], [0, 0, 0, 0])
  assert.deepEqual(zstdDecompressSync(await tarOf(FILES, { compression: 'zstd' })), plain)
})

test('names lie below the prefix, or at the top without one', async () => {
  const { tree } = await unpacked(await tarOf({ f: 'x' }, { prefix: 'p/q' }), { strip: 0 })
  assert.deepEqual(tree, ['p/', 'p/q/', 'p/q/f: x'])
  assert.deepEqual((await unpacked(await tarOf({ f: 'x' }, { prefix: '' }))).tree, ['f: x'])
})

test('a file that cannot be read fails the packing', async () => {
  await withTree({ f: 'x' }, async (root) => {
    const missing = [{ kind: 'file', path: 'gone', executable: false, sizeBytes: 1 }] as const
    await assert.rejects(writeTar(root, missing, join(root, 'out.tar'), PLAIN), /ENOENT/)
  })
})
