// references.ts — finds the hash parts of store paths in bytes: in binaries, after any prefix, without prefix. Reads no file.
import { HASH_LENGTH } from './store-path.ts'

/** `offset` is relative to `bytes`. */
export type Finder = (bytes: Uint8Array, found: (hash: string, offset: number) => void) => void

const IS_HASH_CHARACTER = new Uint8Array(256)
for (const character of Buffer.from('0123456789abcdfghijklmnpqrsvwxyz')) IS_HASH_CHARACTER[character] = 1

/**
 * Looks for any number of hashes at once. Most windows of 32 bytes hold a byte that no hash has; the search jumps
 * behind the last such byte (as Boyer and Moore do), and tests no byte twice.
 */
export function finderOf(hashes: Iterable<string>): Finder {
  const wanted = new Set(hashes)
  if (wanted.size === 0) return () => {}
  const beginsLike = new Uint8Array(1 << 16) // by the first two bytes: spares making a string of each window
  for (const hash of wanted) beginsLike[(hash.charCodeAt(0) << 8) | hash.charCodeAt(1)] = 1
  return (bytes, found) => {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const byteAt = (at: number): number => text[at] as number // only called with places inside of `text`
    let tested = 0 // from `start` up to here are hash characters
    for (let start = 0; start + HASH_LENGTH <= text.length;) {
      let at = start + HASH_LENGTH - 1
      while (at >= tested && IS_HASH_CHARACTER[byteAt(at)] === 1) at--
      const gap = at >= tested
      tested = start + HASH_LENGTH
      if (gap) {
        start = at + 1
        continue
      }
      if (beginsLike[(byteAt(start) << 8) | byteAt(start + 1)] === 1) {
        const hash = text.toString('latin1', start, start + HASH_LENGTH)
        if (wanted.has(hash)) found(hash, start)
      }
      start++
    }
  }
}
