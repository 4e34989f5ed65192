// fixed-output.ts — the declared hash of a step's output: inline, or from the lock. Writing the lock is left to runtime/fetch.
import type { StepNode } from '../chain/node.ts'
import type { OutputArtifact, PlannedStep } from '../plan/plan.ts'
import { isPlain } from '../step/object-schema.ts'
import { hasRefs } from '../step/ref.ts'
import { planError, type Draft } from './draft.ts'

const SRI = /^sha(256|384|512)-[A-Za-z0-9+/]+={0,2}$/
const KEYS = ['hash', 'lockKey']

/** @throws CodedError TN1315, TN1317 */
export function fixedOutputOf(
  draft: Draft,
  node: StepNode,
  outputs: readonly OutputArtifact[],
  members: number,
): Pick<PlannedStep, 'fixedOutput'> {
  const { fixedOutput } = node.definition
  if (fixedOutput === null) return {}
  const refuse = (code: string, fact: string, hint: string): Error =>
    planError(draft, node.site, code, `step '${node.name}': ${fact}`, { hint })
  const [only] = outputs
  if (members !== 1 || outputs.length !== 1 || only?.kind === 'workTree')
    throw refuse(
      'TN1317',
      'its output is not exactly one file() or tree()',
      'One hash declares one artifact and nothing beside it.',
    )
  const declared = fixedOutput(node.params)
  if (hasRefs(declared))
    throw refuse(
      'TN1315',
      'fixedOutput depends on what another step gives',
      'The hash must be known while planning.',
    )
  if (!isPlain(declared) || Object.keys(declared).some((key) => !KEYS.includes(key)))
    throw refuse(
      'TN1317',
      'fixedOutput did not return { hash, lockKey }',
      'Both are texts; at least one is needed.',
    )
  const { hash, lockKey } = declared
  if (hash !== undefined && (typeof hash !== 'string' || !SRI.test(hash)))
    throw refuse(
      'TN1317',
      `the hash is ${JSON.stringify(hash)}`,
      "Write it as SRI: 'sha256-' and the digest in base64.",
    )
  if (lockKey !== undefined && (typeof lockKey !== 'string' || lockKey === ''))
    throw refuse(
      'TN1317',
      `the lock key is ${JSON.stringify(lockKey)}`,
      'It is a text that names the content, such as a URL.',
    )
  if (hash === undefined && lockKey === undefined)
    throw refuse(
      'TN1317',
      'fixedOutput gave neither hash nor lockKey',
      'Without a hash, name its entry in tenon.lock.',
    )
  const locked = lockKey === undefined ? undefined : draft.context.locked[lockKey]
  return { fixedOutput: { hash: hash ?? locked ?? null, lockKey: lockKey ?? null } }
}
