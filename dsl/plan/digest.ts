// digest.ts — how contents are named: one hash function, two text forms. Knows nothing of files.

/** SHA-256 as 64 lower-case hex characters. Only this file makes one. */
export type Digest = string & { readonly __brand: 'Digest' }

/** Loaded when first used: it takes 7 ms, and most steps that could name a placeholder do not. */
function crypto(): typeof import('node:crypto') {
  return (loaded ??= process.getBuiltinModule('node:crypto'))
}
let loaded: typeof import('node:crypto') | undefined

export function digestOf(content: string | Uint8Array): Digest {
  return crypto().hash('sha256', content, 'hex') as Digest // the hex form of SHA-256 is what the brand means
}

/** For content that comes in pieces. `digest` ends it. */
export function digester(): { update(piece: Uint8Array): void; digest(): Digest } {
  const sha256 = crypto().createHash('sha256')
  return {
    update: (piece) => void sha256.update(piece),
    digest: () => sha256.digest('hex') as Digest, // as in digestOf
  }
}

/** @throws TypeError when the text is not 64 lower-case hex characters. */
export function parseDigest(text: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new TypeError(`not a digest: ${JSON.stringify(text)}`)
  return text as Digest // just checked
}

const ALPHABET = '0123456789abcdfghijklmnpqrsvwxyz' // no e, o, u, t: no words by accident

/** The first 160 bits in 32 characters: the hash part of a store path. */
export function shortHash(digest: Digest): string {
  let text = ''
  for (let at = 0; at < 40; at += 5) {
    const bits = Number.parseInt(digest.slice(at, at + 5), 16) // 20 of them: four characters
    for (let shift = 15; shift >= 0; shift -= 5) text += ALPHABET[(bits >> shift) & 31] ?? ''
  }
  return text
}
export const shortHashPattern = `[${ALPHABET}]{32}`
