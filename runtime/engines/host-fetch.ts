// host-fetch.ts — a file of a known hash from the network as a stored object. Its key is the hash, wherever it came from.
import { posix } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Digest } from '../../dsl/plan/digest.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { fetchFixed } from '../fetch/fetch.ts'
import type { FetchSource } from '../fetch/request.ts'
import { resolve } from '../rebuild/resolve.ts'
import type { Realisation } from '../store/realisation.ts'
import { storeName } from '../../dsl/plan/placeholder.ts'
import { labelOf, realisedBy, type Engine, type StepRun } from './engine.ts'
import { fixedKey } from './fixed-output.ts'
import { isHere, storedResult } from './stored.ts'

/** @throws CodedError TN4xxx; nothing is stored then. */
export async function realiseFetch(engine: Engine, index: number, step: PlannedStep): Promise<StepRun> {
  const source = resolve(step.params, realisedBy(engine)).value as unknown as FetchSource // lowered by the dsl
  const name = fileName(source)
  const key = fixedKey(step, null, name)
  const early = await storedResult(engine, index, key)
  // Known already: then it was asked for again because its file is needed.
  if (early !== undefined && (!engine.realisations.has(index) || isHere(engine, early)))
    return { realisation: early, from: 'store' }
  const release = key === null ? (): void => {} : await engine.store.lockKey(key, { signal: engine.signal })
  try {
    const meanwhile = await storedResult(engine, index, key)
    if (meanwhile !== undefined && isHere(engine, meanwhile)) return { realisation: meanwhile, from: 'store' }
    return { realisation: await download(engine, index, step, source, name), from: 'run' }
  } finally {
    release()
  }
}

/** The key of a fetch whose hash is known. */
export function fetchKey(step: PlannedStep, realised: (step: number) => Realisation): Digest | null {
  const source = resolve(step.params, realised).value as unknown as FetchSource // lowered by the dsl
  return fixedKey(step, null, fileName(source))
}

function fileName(source: FetchSource): string {
  if (source.kind === 'npm') return storeName(`${source.name.replace(/^@/, '')}-${source.version}.tgz`)
  const path = URL.canParse(source.url) ? new URL(source.url).pathname : source.url
  return storeName(posix.basename(path) || 'file')
}

async function download(
  engine: Engine,
  index: number,
  step: PlannedStep,
  source: FetchSource,
  name: string,
): Promise<Realisation> {
  const startedAtMs = Date.now()
  const label = labelOf(engine.plan, index)
  engine.onEvent({ kind: 'step-started', label })
  const expected = step.fixedOutput?.hash ?? null
  const lockKey = step.fixedOutput?.lockKey ?? null
  const scratch = engine.store.scratch('fetch')
  try {
    const fetched = await fetchFixed({
      source,
      expected,
      mirrors: engine.mirrors,
      offline: engine.offline,
      home: engine.store.home,
      scratch: scratch.directory,
      signal: engine.signal,
      projectRoot: engine.projectRoot,
      onNote: (line) =>
        engine.onEvent({
          kind: 'step-log',
          label,
          line,
        }),
      onProgress: (doneBytes, totalBytes) =>
        engine.onEvent({
          kind: 'step-progress',
          label,
          doneBytes,
          totalBytes,
        }),
    })
    const object = engine.store.admit(fetched.file, { name, candidates: [], consume: true })
    if (expected === null && lockKey !== null) await engine.lock(lockKey, fetched.hash)
    const key = fixedKey(step, expected ?? fetched.hash, name)
    if (key === null) throw new CodedError('TN9004', `a fetch without a hash: '${step.chain}@${step.name}'`)
    const realisation: Realisation = {
      format: 1,
      key,
      document: { file: object.path },
      artifacts: [
        {
          pointer: '/file',
          kind: 'file',
          object: object.path,
        },
      ],
      rung: 'host',
      durationMs: Date.now() - startedAtMs,
      at: new Date(startedAtMs).toISOString(),
    }
    engine.store.record(realisation)
    return realisation
  } finally {
    scratch.remove()
  }
}
