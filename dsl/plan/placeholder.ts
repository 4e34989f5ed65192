// placeholder.ts — the path a step is told for an output whose final path is known only after its bytes are. Rewriting is the store's.
import { type Digest, digestOf, shortHash } from './digest.ts'
import { canonicalJson } from './json.ts'

/**
 * A constant of chain and field name, so that `configure` can name the prefix which `makeInstall` fills,
 * and so that no input's hash leaks into an output (early cutoff). As long as the final path.
 * `digest`: SHA-256 for where Node's is missing.
 */
export function placeholderPath(
  chain: string,
  name: string,
  digest: (text: string) => Digest = digestOf,
): string {
  const hash = shortHash(digest(`placeholder:${canonicalJson([chain, name])}`))
  return `/tenon/store/${hash}-${storeName(`${chain}-${name}`)}`
}

export const MAX_NAME_LENGTH = 200 // with hash and `.json` well below the 255 bytes of a file name

/** A name that a store path may carry: other characters become `-`, leading dots go. */
export function storeName(text: string): string {
  const name = text.replace(/[^A-Za-z0-9+._-]/gu, '-').replace(/^\.+/, '')
  return name.slice(0, MAX_NAME_LENGTH) || 'object'
}
