// packed-tree.ts — which field of a document is packed. Packs nothing.
import { StepError } from '../step-error.ts'

/** @throws StepError TN3542 */
export function packedTree(
  input: Readonly<Partial<Record<'prefix' | 'tree' | 'src', string | undefined>>>,
): string {
  const root = input.prefix ?? input.tree ?? input.src
  if (root !== undefined) return root
  throw new StepError(
    'TN3542',
    'there is no tree to pack',
    'The step before must give `prefix`, `tree` or `src`.',
  )
}
