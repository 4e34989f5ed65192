// placeholder.ts — the path a step uses for an output whose final path is known only after its bytes are. Rewriting is admit.ts's.
import { digestOf, shortHash } from '../../dsl/plan/digest.ts'
import { canonicalJson } from '../../dsl/plan/json.ts'
import { type StorePath, storeName, storePath } from './store-path.ts'

/**
 * A constant of chain and field name, so that `configure` can name the prefix which `makeInstall` fills,
 * and so that no input's hash leaks into an output (early cutoff). As long as the final path.
 */
export function placeholderPath(chain: string, name: string): StorePath {
  const hash = shortHash(digestOf(`placeholder:${canonicalJson([chain, name])}`))
  return storePath(hash, storeName(`${chain}-${name}`))
}
