// references.test.ts — hash parts are found wherever they stand.
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import fc from 'fast-check'
import { digestOf, shortHash } from '../../../dsl/plan/digest.ts'
import { hashFile } from '../../../runtime/store/files/hash-file.ts'
import { finderOf } from '../../../runtime/store/references.ts'
import { temporaryDirectory } from './temporary.ts'

const HASHES = ['one', 'two', 'three'].map((text) => shortHash(digestOf(text)))
const [ONE = '', TWO = '', THREE = ''] = HASHES

function findAll(bytes: Uint8Array, hashes: readonly string[] = HASHES): [string, number][] {
  const found: [string, number][] = []
  finderOf(hashes)(bytes, (hash, offset) => found.push([hash, offset]))
  return found
}

test('a hash is found after any prefix, without prefix, at the start and at the very end', () => {
  assert.deepEqual(findAll(Buffer.from(`${ONE}/tenon/store/${TWO}-x /elsewhere/${THREE}`)), [
    [ONE, 0],
    [TWO, 45],
    [THREE, 91],
  ])
})

test('a hash is found inside of binary data and directly after characters that hashes have', () => {
  const bytes = Buffer.concat([
    Buffer.from([0, 255, 97]),
    Buffer.from(ONE),
    Buffer.from([0]),
    Buffer.from(`abc${TWO}abc`),
  ])
  assert.deepEqual(findAll(bytes), [
    [ONE, 3],
    [TWO, 39],
  ])
})

test('part of a hash, one with a changed character and one that nobody looks for are not found', () => {
  const almost = ONE.slice(0, 31) + (ONE.endsWith('0') ? '1' : '0')
  assert.deepEqual(
    findAll(Buffer.from(`${ONE.slice(0, 31)} ${almost} ${ONE.slice(1)} ${ONE.toUpperCase()}`)),
    [],
  )
  assert.deepEqual(findAll(Buffer.from(ONE), [TWO]), [])
  assert.deepEqual(findAll(Buffer.from(ONE), []), [])
})

test('the search finds exactly what a plain search finds, in text of any make', () => {
  const hashCharacters = fc.string({
    unit: fc.constantFrom(...'0123456789abcdfghijklmnpqrsvwxyz'.split('')),
    maxLength: 70,
  })
  const piece = fc.oneof(
    fc.constantFrom(...HASHES),
    hashCharacters,
    fc.string({ unit: 'binary', maxLength: 40 }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''))
      const expected: [string, number][] = []
      for (let at = 0; at < bytes.length; at++)
        for (const hash of HASHES)
          if (bytes.subarray(at, at + 32).equals(Buffer.from(hash))) expected.push([hash, at])
      assert.deepEqual(findAll(bytes), expected)
    }),
    { numRuns: 300 },
  )
})

test('a hash across the edge of two chunks is found once, with its place in the file', () => {
  const file = join(temporaryDirectory(), 'file')
  const chunk = 1 << 20
  for (const offset of [
    chunk - 33,
    chunk - 32,
    chunk - 31,
    chunk - 1,
    chunk,
    2 * chunk - 16,
    3 * chunk - 32,
  ]) {
    const bytes = randomBytes(3 * chunk)
    bytes.write(ONE, offset, 'latin1')
    writeFileSync(file, bytes)
    const found: number[] = []
    const find = finderOf([ONE, TWO])
    hashFile(Buffer.from(file), (window, windowOffset) =>
      find(window, (_, at) => found.push(windowOffset + at)),
    )
    assert.deepEqual(found, [offset])
  }
})
