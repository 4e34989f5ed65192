// digest.test.ts — the two text forms of a digest are pinned: store paths and keys of every store depend on them.
import assert from 'node:assert/strict'
import test from 'node:test'
import { digester, digestOf, parseDigest, shortHash, shortHashPattern } from '../../../dsl/plan/digest.ts'

const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' // FIPS 180-2, appendix B.1

test('a digest is SHA-256 in lower-case hex', () => {
  assert.equal(digestOf(''), EMPTY)
  assert.equal(digestOf('abc'), ABC)
  assert.equal(digestOf(Buffer.from('abc')), ABC)
})

test('text is digested as UTF-8', () => {
  assert.equal(digestOf('é'), digestOf(Buffer.from([0xc3, 0xa9])))
})

test('content in pieces has the digest of the whole', () => {
  const pieces = digester()
  pieces.update(Buffer.from('a'))
  pieces.update(Buffer.from('bc'))
  assert.equal(pieces.digest(), ABC)
})

test('the short hash is the first 160 bits, most significant first, five to a character', () => {
  assert.equal(shortHash(parseDigest('0'.repeat(64))), '0'.repeat(32))
  assert.equal(shortHash(parseDigest('f'.repeat(64))), 'z'.repeat(32))
  // 00001 00010 00011 … : the first bytes 08 86 are 00001 00010 00011 0
  assert.equal(shortHash(parseDigest('0886' + '0'.repeat(60))).slice(0, 4), '1230')
  assert.equal(shortHash(parseDigest('0'.repeat(38) + '1f' + 'f'.repeat(24))), '0'.repeat(31) + 'z')
})

test('the short hash is pinned and matches its pattern', () => {
  const short = shortHash(digestOf('abc'))
  assert.equal(short, 'p9w1dgwg077ylha183g5vbi24fq06qd3')
  assert.match(short, new RegExp(`^${shortHashPattern}$`))
})

test('only 64 lower-case hex characters are a digest', () => {
  assert.equal(parseDigest(ABC), ABC)
  for (const text of ['', ABC.slice(1), ABC + '0', ABC.toUpperCase(), ABC.replace('b', 'g'), `${ABC}\n`])
    assert.throws(() => parseDigest(text), TypeError, JSON.stringify(text))
})
