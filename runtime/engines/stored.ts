// stored.ts — whether the store has a result that is good enough for this build.
import type { Digest } from '../../dsl/plan/digest.ts'
import { satisfies } from '../sandbox/choose-rung.ts'
import type { Realisation } from '../store/realisation.ts'
import type { Engine } from './engine.ts'

/** A result of a weaker sandbox than this build would use does not count. */
export async function storedResult(
  engine: Engine,
  index: number,
  key: Digest | null,
): Promise<Realisation | undefined> {
  if (key === null || engine.isForced(index)) return undefined
  const found = engine.store.realisation(key)
  if (found?.rung !== 'plain') return found
  return satisfies(found.rung, await engine.rung()) ? found : undefined
}
