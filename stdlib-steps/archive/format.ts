// format.ts — what a file is by its first bytes, never by its name.

export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd'
export type Format =
  | { readonly kind: 'zip' }
  | { readonly kind: 'tar'; readonly compression: Compression | null }
  | { readonly kind: 'unknown'; readonly looksLike: string | null }

const COMPRESSIONS: readonly (readonly [Compression, string])[] = [
  ['gzip', '1f8b'],
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
]
const REFUSED: readonly (readonly [string, string])[] = [
  ['a 7-Zip archive', '377abcaf271c'],
  ['a RAR archive', '526172211a07'],
  ['an lzip file', '4c5a4950'],
  ['a compress (.Z) file', '1f9d'],
  ['an ar archive (such as .deb)', '213c617263683e0a'],
  ['an RPM package', 'edabeedb'],
  ['an HTML page', '3c21444f4354595045'],
  ['an HTML page', '3c68746d6c'],
]

/** `head` is the beginning of the file: 512 bytes decide. */
export function formatOf(head: Buffer): Format {
  const hex = head.subarray(0, 16).toString('hex')
  if (hex.startsWith('504b0304') || hex.startsWith('504b0506')) return { kind: 'zip' }
  const compression = COMPRESSIONS.find(([, magic]) => hex.startsWith(magic))?.[0]
  if (compression !== undefined) return { kind: 'tar', compression }
  if (looksLikeTar(head)) return { kind: 'tar', compression: null }
  return { kind: 'unknown', looksLike: REFUSED.find(([, magic]) => hex.startsWith(magic))?.[0] ?? null }
}

/** A tar header has a checksum, which old tars without `ustar` have too; an empty tar is zeros. */
export function looksLikeTar(head: Uint8Array): boolean {
  if (head.length < 512) return false
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : (head[i] ?? 0)
  if (sum === 8 * 32) return head[148] === 0 // all zeros but for the blanks just assumed
  const stored = /^ *([0-7]+)/.exec(Buffer.from(head.subarray(148, 156)).toString('latin1'))?.[1]
  return stored !== undefined && parseInt(stored, 8) === sum
}
