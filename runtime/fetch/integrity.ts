// integrity.ts — expected hashes as the web writes them (Subresource Integrity): reading, comparing, printing.
import { CodedError } from '../../dsl/plan/coded-error.ts'

export type Algorithm = 'sha256' | 'sha384' | 'sha512'
const BYTES: Readonly<Record<Algorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 }
const ALGORITHMS: readonly Algorithm[] = ['sha256', 'sha384', 'sha512'] // weakest first

/** The hashes of the strongest algorithm that was given: one of them must match (SRI section 3.3.4). */
export interface Integrity {
  readonly algorithm: Algorithm
  readonly digests: readonly string[] // base64
}

/** @throws CodedError TN4000 when no hash of a known algorithm is there, or one is malformed. */
export function parseIntegrity(text: string): Integrity {
  const found = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => parseHash(word, text))
  const algorithm = ALGORITHMS.findLast((name) => found.some((hash) => hash.algorithm === name))
  if (algorithm === undefined) throw badHash(text, 'it is empty')
  return {
    algorithm,
    digests: found.filter((hash) => hash.algorithm === algorithm).map((hash) => hash.base64),
  }
}

function parseHash(word: string, text: string): { algorithm: Algorithm; base64: string } {
  const match = /^([A-Za-z0-9]+)-([A-Za-z0-9+/=_-]+)(\?.*)?$/.exec(word)
  const algorithm = ALGORITHMS.find((name) => name === match?.[1])
  const base64 = match?.[2]
  if (base64 === undefined) throw badHash(text, `${JSON.stringify(word)} is not <algorithm>-<base64>`)
  if (algorithm === undefined)
    throw badHash(text, `${JSON.stringify(match?.[1])} is not one of ${ALGORITHMS.join(', ')}`)
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== BYTES[algorithm] || bytes.toString('base64') !== base64)
    throw badHash(text, `${JSON.stringify(word)} does not hold ${BYTES[algorithm]} bytes in base64`)
  return { algorithm, base64 }
}

function badHash(text: string, why: string): CodedError {
  const hex = text.trim().replace(/^sha(256|384|512)[:-]/, '')
  const sri = /^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})$/.test(hex) ? integrityOfHex(hex) : null
  return new CodedError('TN4000', `${JSON.stringify(text)} is not a hash: ${why}`, {
    hint:
      sri === null
        ? 'Write sha256-, sha384- or sha512- and the base64 of the digest, or leave the hash out and run `tenon update`.'
        : `That is hexadecimal; write it as ${sri}`,
  })
}

/** The SRI text of a hexadecimal digest, told apart by its length. @throws CodedError TN4000 for another length. */
export function integrityOfHex(hex: string): string {
  const algorithm = ALGORITHMS.find((name) => BYTES[name] * 2 === hex.length)
  if (algorithm === undefined || !/^[0-9a-fA-F]*$/.test(hex))
    throw new CodedError('TN4000', `${JSON.stringify(hex)} is not the hexadecimal text of a SHA-2 digest`, {
      hint: 'SHA-256 has 64 characters, SHA-384 has 96, SHA-512 has 128.',
    })
  return `${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`
}

export function sriOf(algorithm: Algorithm, base64: string): string {
  return `${algorithm}-${base64}`
}

/** For a person: the SRI text, with the hexadecimal form that `sha256sum` prints beside a SHA-256. */
export function describeHash(algorithm: Algorithm, base64: string): string {
  const sri = sriOf(algorithm, base64)
  return algorithm === 'sha256' ? `${sri} (hex ${Buffer.from(base64, 'base64').toString('hex')})` : sri
}
