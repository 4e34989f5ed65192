// fixed-output.ts — steps whose output is declared by its hash: their key, and the check that what came is what was declared.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Digest } from '../../dsl/plan/digest.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { parseIntegrity } from '../fetch/integrity.ts'
import { actionKey } from '../store/action.ts'
import type { StoreObject } from '../store/object.ts'
import type { AdmittedOutput } from './admit-output.ts'
import type { Engine } from './engine.ts'

/** The key of a fixed-output step: its hash and name alone. null: not fixed, or the hash is not known yet. */
export function fixedKey(
  step: PlannedStep,
  known: string | null = null,
  name = outputName(step),
): Digest | null {
  const hash = known ?? step.fixedOutput?.hash ?? null
  return step.fixedOutput === undefined || hash === null
    ? null
    : actionKey({ kind: 'fixed-output', hash, output: name }).key
}

function outputName(step: PlannedStep): string {
  return step.outputs.map((output) => output.name).join(' ')
}

/**
 * The hash of a fixed-output step's one artifact, checked against the declared one, or locked when there is none.
 * null for other steps. @throws CodedError TN3720, TN3721.
 */
export async function checkFixedOutput(
  engine: Engine,
  step: PlannedStep,
  output: Pick<AdmittedOutput, 'artifacts'>,
): Promise<string | null> {
  if (step.fixedOutput === undefined) return null
  const [artifact, ...others] = output.artifacts
  const object = artifact === undefined ? undefined : engine.store.object(artifact.object)
  if (object === undefined || others.length > 0)
    throw new CodedError(
      'TN3721',
      `step '${step.chain}@${step.name}' declares a hash, but has ${output.artifacts.length} artifacts`,
      {
        hint: 'a step with a declared hash returns one file or one tree',
      },
    )
  const { hash, lockKey } = step.fixedOutput
  const actual = `sha256-${Buffer.from(object.digest, 'hex').toString('base64')}`
  const fits = hash === null || hash === actual || hasHash(object, engine.store.physical(object.path), hash)
  if (!fits)
    throw new CodedError(
      'TN3720',
      `step '${step.chain}@${step.name}' made something else than its declared hash says`,
      {
        details: [`declared: ${hash}`, `got:      ${actual}`],
        hint:
          lockKey === null
            ? 'if the new content is right, write its hash into the build file'
            : 'if the new content is right, run `tenon update`',
      },
    )
  if (hash === null && lockKey !== null) await engine.lock(lockKey, actual)
  return hash ?? actual
}

/** Of a tree only SHA-256 is known: that of its digest. */
function hasHash(object: StoreObject, physical: string, hash: string): boolean {
  const { algorithm, digests } = parseIntegrity(hash)
  if (algorithm === 'sha256') return digests.includes(Buffer.from(object.digest, 'hex').toString('base64'))
  if (object.kind === 'tree') return false
  return digests.includes(createHash(algorithm).update(readFileSync(physical)).digest('base64'))
}
