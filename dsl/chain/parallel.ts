// parallel.ts — parallel(): steps and chains that get the same document and do not wait for each other.
import { CodedError } from '../plan/coded-error.ts'
import { here } from '../step/site.ts'
import { stepValue, type Step } from '../step/step.ts'
import type { After, AnyStep } from '../types/walk.ts'
import { stepNode } from './edits.ts'
import { checkName } from './name.ts'

type Branches = Readonly<Record<string, AnyStep>>
type InputOf<B extends Branches> = { [K in keyof B]: (input: B[K]['~in']) => void }[keyof B] extends (
  input: infer I,
) => void
  ? I
  : never
type OutputOf<B extends Branches> = { readonly [K in keyof B]: After<B[K]['~in'], B[K]> }

/**
 * All branches get the document; the next document has each branch's output under its key.
 * @throws CodedError TN1302 for a key that is no name, TN1321 without branches.
 */
export function parallel<const N extends string, const B extends Branches>(
  name: N,
  branches: B,
): Step<N, InputOf<B>, OutputOf<B>> {
  const nodes = Object.entries(branches).map(
    ([key, value]) => [checkName(`a branch of '${name}'`, key), stepNode(`'${name}'`, key, value)] as const,
  )
  if (nodes.length === 0)
    throw new CodedError('TN1321', `parallel '${name}' has no branches`, {
      hint: "Give it some: parallel('docs', { html: …, man: … }).",
    })
  const node = {
    kind: 'parallel',
    name: checkName('a parallel', name),
    branches: Object.fromEntries(nodes),
  } as const
  const value = stepValue(Object.freeze({ ...node, site: here() }))
  return value as Step<N, InputOf<B>, OutputOf<B>> // stepValue's types are its caller's word
}
