// compare-output.ts — files that a step left once more, compared with the object that it gave before. Stores nothing.
import { examine, rewrite } from './examine.ts'
import { firstDifference, type Difference } from './difference.ts'
import type { StoreObject } from './object.ts'
import { own } from './stage.ts'
import { hashPart, type StorePath } from './store-path.ts'
import { readNode } from './tree-digest.ts'

/**
 * `replacements`: placeholders that the step wrote, and the objects whose paths stand in their places in what is stored.
 * The files at `source` become ours and are rewritten so. Undefined: they are what was stored.
 * @throws CodedError TN5010, TN5011
 */
export function compareOutput(
  source: string,
  stored: { readonly object: StoreObject; readonly physical: () => string },
  replacements: ReadonlyMap<StorePath, StorePath>,
): Difference | undefined {
  const path = Buffer.from(source)
  own(path)
  const by = new Map([...replacements].map(([from, to]) => [hashPart(from), hashPart(to)]))
  const hashes = new Set(by.keys())
  const { node: asLeft, uses } = examine(path, hashes, hashes)
  const node = rewrite(path, asLeft, uses, by)
  const { digest, kind, executable } = stored.object
  const isSame =
    node.kind !== 'link' && node.digest === digest && (node.kind === 'tree' || node.executable === executable)
  if (isSame && node.kind === kind) return undefined
  const physical = Buffer.from(stored.physical())
  return firstDifference({ path: physical, node: readNode(physical) }, { path, node })
}
