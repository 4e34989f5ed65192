// unpack-archive.test.ts — formats, what is kept of an entry, and what hostile archives meet.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { StepError } from '../../../stdlib-steps/step-error.ts'
import { type TarEntry, type Unpacked, tar, unpacked, zip } from './archives.ts'

const DEMO: TarEntry[] = [
  { name: 'demo/', type: 'directory' },
  { name: 'demo/a.txt', content: 'hello\n' },
  { name: 'demo/bin/', type: 'directory' },
  { name: 'demo/bin/link', type: 'symlink', linkname: '../a.txt' },
  { name: 'demo/bin/run', content: '#!/bin/sh\necho hi\n', mode: 0o755 },
  { name: 'demo/empty/', type: 'directory' },
]
const DEMO_TREE = [
  'a.txt: hello\n',
  'bin/',
  'bin/link -> ../a.txt',
  'bin/run* #!/bin/sh\necho hi\n',
  'empty/',
]
// The same tree by `tar` and `xz -9e`, `bzip2 -9`.
const DEMO_XZ =
  '/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AMRdADIZSf7XMh5YjpMZbQsBgqCURnQF+/cM6y6v050nRXOxSeEUy+mNEUM/TR9oe7zRa1niymFuj0GlZHG0TduQ+g2PCxzD2YVDfAI02kctEAqrw0+rgtaq8423h1b8vnKy47sb38N1f9Ny5iyQgonwGQ8YftAK/OfDgMRgBtfud+KrpiAoDD7sAzw3/+mkKs8m4EzkknZkBYFP8suMl9P2R20SRU1UqHB4Qsz7mwXSwN9WZE9QCRC32VlZtztyOf1lZeXx4QAA4+XAVFu4jScAAeABgFAAAGR+lGmxxGf7AgAAAAAEWVo='
const DEMO_BZIP2 =
  'QlpoOTFBWSZTWd9UFrIAAQ5bgcuSaAH/gA/Ifm/eYAAIBIgwANjIwGjIaDCAaAaaAAEkmo0QAADINABoNBEqEynqG1PUepkaaAPSZDTTNTLHbdvkl+gkruSGcipRaqpozYWGmmqPdcDmHrK5plI2ipBD5+ttWcfwaBq1cufXsOPfYVR8pS9Bf53grBgD7+2zHHHAQ8Y640W0DFohheqcURSCpYWBJ3peZYZQtQE0oNxi84rj25GcGhBC4FQmDxzosYs6VehT/Y5a41h73z33ZL93Q83Fdw2FY5Fw7jLfk5Q1PgIH+LuSKcKEhvqgtZA='

/** The whole of what an archive in a bad state may do: fail with this code, name the entry, write nothing beside the root. */
function assertRefused(result: Unpacked, code: string, entry: string): void {
  assert.ok(result.error instanceof StepError, `not refused: ${String(result.error)}`)
  assert.equal(result.error.code, code)
  assert.match(result.error.message, new RegExp(entry.replaceAll('.', '\\.')))
  assert.deepEqual(result.beside, [])
}

test('every format gives the same tree, whatever the file is called', async () => {
  const plain = await tar(DEMO)
  const zipped = zip([
    { name: 'demo/a.txt', content: 'hello\n', mode: 0o100644 },
    { name: 'demo/bin/link', content: '../a.txt', mode: 0o120777 },
    { name: 'demo/bin/run', content: '#!/bin/sh\necho hi\n', mode: 0o100755, isDeflated: true },
    { name: 'demo/empty/', mode: 0o040755 },
  ])
  const formats = [
    plain,
    gzipSync(plain),
    zstdCompressSync(plain),
    Buffer.from(DEMO_XZ, 'base64'),
    Buffer.from(DEMO_BZIP2, 'base64'),
    zipped,
  ]
  for (const archive of formats) {
    const { tree, error } = await unpacked(archive)
    assert.equal(error, undefined)
    assert.deepEqual(tree, DEMO_TREE)
  }
})

test('one top directory is stripped by itself, two are not, an explicit count is taken as it is', async () => {
  const two = await tar([...DEMO, { name: 'other.txt', content: 'x' }])
  assert.deepEqual(
    (await unpacked(two)).tree.filter((line) => !line.startsWith('demo/')),
    ['other.txt: x'],
  )
  const nested = await tar([{ name: 'top/top/file', content: 'x' }])
  assert.deepEqual((await unpacked(nested)).tree, ['top/', 'top/file: x'])
  assert.deepEqual((await unpacked(nested, { strip: 2 })).tree, ['file: x'])
  assert.deepEqual((await unpacked(nested, { strip: 0 })).tree, ['top/', 'top/top/', 'top/top/file: x'])
  assertRefused(await unpacked(nested, { strip: 3 }), 'TN3507', '3 leading')
})

test('long names, hard links and unicode names survive', async () => {
  const long = `top/${'directory/'.repeat(30)}ünï-${'x'.repeat(120)}`
  const { tree, error } = await unpacked(
    await tar([
      { name: long, content: 'deep' },
      { name: 'top/first', content: 'same', mode: 0o755 },
      { name: 'top/second', type: 'link', linkname: 'top/first' },
    ]),
  )
  assert.equal(error, undefined)
  assert.ok(tree.includes(`${long.slice(4)}: deep`))
  assert.ok(tree.includes('second* same'))
})

test('names that leave the root are refused in tar and zip', async () => {
  for (const name of ['../evil', 'a/../../evil', '/evil', 'a/..']) {
    assertRefused(
      await unpacked(
        await tar([
          { name: 'ok', content: '' },
          { name, content: 'x' },
        ]),
      ),
      'TN3502',
      name,
    )
    assertRefused(await unpacked(zip([{ name: 'ok' }, { name, content: 'x' }])), 'TN3502', name)
  }
  assertRefused(await unpacked(zip([{ name: '..\\evil', content: 'x' }])), 'TN3502', 'evil')
  assertRefused(
    await unpacked(await tar([{ name: 'short', pax: { path: '../evil' }, content: 'x' }])),
    'TN3502',
    '../evil',
  )
})

test('symbolic links that leave the root are refused, also by way of other links or of the stripped directory', async () => {
  const link = (name: string, linkname: string): TarEntry => ({ name, type: 'symlink', linkname })
  assertRefused(await unpacked(await tar([link('a', '/etc/passwd')])), 'TN3503', "'a'")
  assertRefused(await unpacked(await tar([link('d/a', '../../x')]), { strip: 0 }), 'TN3503', "'d/a'")
  assertRefused(await unpacked(await tar([link('top/a', '../x')])), 'TN3503', "'top/a'")
  assertRefused(
    await unpacked(await tar([link('x/y/up', '../..'), link('x/y/bad', 'up/../f')]), { strip: 0 }),
    'TN3503',
    "'x/y/bad'",
  )
  assertRefused(await unpacked(zip([{ name: 'a', content: '../x', mode: 0o120777 }])), 'TN3503', "'a'")
  const fine = await unpacked(
    await tar([link('top/a/b', '../c'), link('top/c', 'nothing'), link('top/d', 'd')]),
  )
  assert.equal(fine.error, undefined)
  assert.deepEqual(fine.tree, ['a/', 'a/b -> ../c', 'c -> nothing', 'd -> d'])
})

test('an entry below a link or a file is refused', async () => {
  const through = await tar([
    { name: 'd', type: 'symlink', linkname: '.' },
    { name: 'd/evil', content: 'x' },
  ])
  assertRefused(await unpacked(through), 'TN3503', 'd/evil')
  assertRefused(
    await unpacked(
      await tar([
        { name: 'f', content: '' },
        { name: 'f/evil', content: 'x' },
      ]),
    ),
    'TN3503',
    'f/evil',
  )
})

test('hard links to anything but an earlier file of the archive are refused', async () => {
  for (const linkname of ['/etc/passwd', '../../etc/passwd', 'later', 'd', 's'])
    assertRefused(
      await unpacked(
        await tar([
          { name: 'd/', type: 'directory' },
          { name: 's', type: 'symlink', linkname: 'd' },
          { name: 'h', type: 'link', linkname },
          { name: 'later', content: 'x' },
        ]),
      ),
      'TN3503',
      "'h'",
    )
})

test('devices, pipes and sparse files are refused', async () => {
  for (const type of ['character-device', 'block-device', 'fifo'] as const)
    assertRefused(await unpacked(await tar([{ name: 'odd', type }])), 'TN3504', "'odd'")
  assertRefused(
    await unpacked(await tar([{ name: 'odd', pax: { 'GNU.sparse.major': '1' } }])),
    'TN3504',
    "'odd'",
  )
  assertRefused(await unpacked(zip([{ name: 'odd', mode: 0o010644 }])), 'TN3504', "'odd'")
})

test('a second entry of one name is refused, a directory named twice is not', async () => {
  assertRefused(
    await unpacked(
      await tar([
        { name: 'a', content: '1' },
        { name: './a', content: '2' },
      ]),
    ),
    'TN3505',
    "'./a'",
  )
  assertRefused(
    await unpacked(
      zip([
        { name: 'a', content: '1' },
        { name: 'a', content: '2' },
      ]),
    ),
    'TN3505',
    "'a'",
  )
  const twice = await unpacked(
    await tar([
      { name: 'd/', type: 'directory' },
      { name: 'd/', type: 'directory' },
    ]),
    { strip: 0 },
  )
  assert.deepEqual([twice.error, twice.tree], [undefined, ['d/']])
})

test('a bomb stops at the limits', async () => {
  const bomb = await tar([{ name: 'zeros', content: '\0'.repeat(3_000_000) }])
  assertRefused(await unpacked(gzipSync(bomb), { maxSizeBytes: 1_000_000 }), 'TN3506', "'zeros'")
  assertRefused(
    await unpacked(zip([{ name: 'zeros', content: '\0'.repeat(3_000_000), isDeflated: true }]), {
      maxSizeBytes: 1_000_000,
    }),
    'TN3506',
    "'zeros'",
  )
  assertRefused(await unpacked(await tar(DEMO), { maxEntries: 3 }), 'TN3506', 'demo/bin/link')
})

test('a truncated or damaged archive names the entry where it broke', async () => {
  const plain = await tar([
    { name: 'first', content: 'x' },
    { name: 'second', content: 'y'.repeat(5000) },
  ])
  assertRefused(await unpacked(plain.subarray(0, 3000)), 'TN3501', "'second'")
  assertRefused(await unpacked(gzipSync(plain, { level: 0 }).subarray(0, 3000)), 'TN3501', "'second'")
  for (const [base64, cut] of [
    [DEMO_XZ, 200],
    [DEMO_BZIP2, 200],
  ] as const)
    assertRefused(
      await unpacked(Buffer.from(base64, 'base64').subarray(0, cut)),
      'TN3501',
      'damaged or cut short',
    )
  const damaged = Buffer.from(plain)
  damaged.write('BROKEN', 1024 + 148) // the checksum field of the second header
  assertRefused(await unpacked(damaged), 'TN3501', "'first'")
  const zipped = zip([{ name: 'first' }, { name: 'second', content: 'y', claimedCrc: 1 }])
  assertRefused(await unpacked(zipped), 'TN3501', "'second'")
  assertRefused(await unpacked(zipped.subarray(0, -30)), 'TN3501', 'damaged or cut short')
})

test('what is no archive is refused by what it is', async () => {
  assertRefused(await unpacked(Buffer.from('<!DOCTYPE html><title>404</title>')), 'TN3500', 'an HTML page')
  assertRefused(await unpacked(Buffer.from('377abcaf271c0000', 'hex')), 'TN3500', '7-Zip')
  assertRefused(await unpacked(Buffer.from('plain text')), 'TN3500', 'no archive')
  assertRefused(await unpacked(Buffer.alloc(0)), 'TN3500', 'no archive')
  assertRefused(await unpacked(gzipSync('plain text '.repeat(100))), 'TN3500', 'not a tar')
})
