// fixed-output.ts — steps whose output is declared by its hash: their key, and the check that what came is what was declared.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Digest } from '../../dsl/plan/digest.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { parseIntegrity } from '../fetch/integrity.ts'
import { actionKey } from '../store/action.ts'
import type { StoreObject } from '../store/object.ts'
import type { AdmitOptions, Prepared } from '../store/store.ts'
import { lockPurpose, withPurpose } from '../rebuild/lock-purpose.ts'
import { replaceAt } from '../rebuild/replace-at.ts'
import type { AdmittedOutput } from './admit-output.ts'
import type { Engine } from './engine.ts'
import { outputSources, type Answered, type OutputSource } from './output-sources.ts'

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

export interface FixedOutput extends AdmittedOutput {
  readonly hash: string
}

/**
 * The one artifact of a fixed-output step, stored when it has the declared hash; without one its hash is locked.
 * @throws CodedError TN3720, TN3721 and those of outputSources; nothing is stored then.
 */
export async function admitFixedOutput(engine: Engine, answered: Answered): Promise<FixedOutput> {
  const { step, outputs, closure } = answered.prepared
  const { document, sources } = outputSources(engine.plan, answered)
  const [only, ...others] = sources
  if (only === undefined || others.length > 0) throw notOneArtifact(step, sources.length)
  const { pointer, kind } = only.artifact
  const output = outputs.find((each) => each.pointer === pointer)
  const made = prepareOutput(engine, only, {
    name: output?.name ?? step.chain,
    ...(output?.placeholder == null ? {} : { placeholder: output.placeholder }),
    candidates: closure.map(({ path }) => path),
    consume: true,
  })
  if (made === undefined) throw notOneArtifact(step, sources.length)
  try {
    const hash = await checkedHash(engine, step, made)
    made.publish()
    const { path } = made.object
    const artifacts = [{ pointer, kind, object: path }]
    return { document: replaceAt(document, new Map([[pointer, path]])), artifacts, passing: [], hash }
  } finally {
    made.remove() // nothing is there any more when it was published
  }
}

/** Undefined: the step did not make it. */
function prepareOutput(
  engine: Engine,
  { artifact, source }: OutputSource,
  options: AdmitOptions,
): Prepared | undefined {
  if (source.kind === 'input') return undefined
  if (artifact.kind !== 'workTree' && source.kind === 'new')
    return engine.store.prepare(source.physical, options)
  const { objects } = engine
  const object =
    source.kind === 'new'
      ? objects.passFiles(source.physical, options)
      : objects.passCheckout(source.checkout, options)
  const { path } = object
  return { object, files: '', publish: () => objects.keep(path), remove: () => objects.release(path) }
}

function notOneArtifact(step: PlannedStep, count: number): CodedError {
  return new CodedError(
    'TN3721',
    `step '${step.chain}@${step.name}' declares a hash, but has ${count} artifacts or one that it did not make`,
    { hint: 'a step with a declared hash makes one file or one tree' },
  )
}

async function checkedHash(engine: Engine, step: PlannedStep, { object, files }: Prepared): Promise<string> {
  const { hash, lockKey } = step.fixedOutput ?? { hash: null, lockKey: null }
  const actual = `sha256-${Buffer.from(object.digest, 'hex').toString('base64')}`
  if (hash !== null && hash !== actual && !hasHash(object, files, hash))
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
  if (hash === null && lockKey !== null)
    await engine.lock(lockKey, withPurpose(actual, lockPurpose(engine.plan, step)))
  return hash ?? actual
}

/** Of a tree only SHA-256 is known: that of its digest. */
function hasHash(object: StoreObject, physical: string, hash: string): boolean {
  const { algorithm, digests } = parseIntegrity(hash)
  if (algorithm === 'sha256') return digests.includes(Buffer.from(object.digest, 'hex').toString('base64'))
  if (object.kind === 'tree') return false
  return digests.includes(createHash(algorithm).update(readFileSync(physical)).digest('base64'))
}
