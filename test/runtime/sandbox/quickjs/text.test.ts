// text.test.ts — what quickjs lacks and its runner brings: text from bytes, and SHA-256; compared with Node's own.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { sha256 } from '../../../../runtime/sandbox/quickjs/sha256.ts'
import { decodeUtf8, isUtf8, joined } from '../../../../runtime/sandbox/quickjs/utf8.ts'

// Bytes that often begin, continue or break a character.
const byte = fc.oneof(
  fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff), // prettier-ignore
  fc.integer({ min: 0, max: 255 }),
)

test('any bytes decode as TextDecoder decodes them, and are UTF-8 when it says so', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })
  const isValid = (bytes: Uint8Array): boolean => {
    try {
      return strict.decode(bytes) !== undefined
    } catch {
      return false
    }
  }
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 12 }), (list) => {
      const bytes = Uint8Array.from(list)
      assert.equal(decodeUtf8(bytes), decoder.decode(bytes))
      assert.equal(isUtf8(bytes), isValid(bytes))
    }),
    { numRuns: 5000 },
  )
})
test('any text comes back, in one piece or in several', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.nat(300), (text, cut) => {
      const bytes = new TextEncoder().encode(text)
      assert.equal(decodeUtf8(joined([bytes.slice(0, cut), bytes.slice(cut)])), text)
    }),
  )
})
test('long ASCII text decodes', () => {
  const text = 'x'.repeat(100_000)
  assert.equal(decodeUtf8(new TextEncoder().encode(text)), text)
})
test('SHA-256 is Node’s', () => {
  for (let length = 0; length < 260; length++) {
    const text = 'ä€'.repeat(length % 5) + 'x'.repeat(length)
    assert.equal(sha256(text), hash('sha256', text, 'hex'))
  }
})
