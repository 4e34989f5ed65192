// stored.ts — whether the store has a result that is good enough for this build.
import type { Digest } from '../../dsl/plan/digest.ts'
import { satisfies } from '../sandbox/choose-rung.ts'
import type { Realisation } from '../store/realisation.ts'
import type { Engine } from './engine.ts'

/**
 * A result whose objects are here, or are known by their digests at least: then steps after it can be looked up.
 * A result of a weaker sandbox than this build would use does not count.
 */
export async function storedResult(
  engine: Engine,
  index: number,
  key: Digest | null,
): Promise<Realisation | undefined> {
  if (key === null || engine.isForced(index)) return undefined
  const found = engine.store.recollection(key)
  if (found === undefined || !engine.objects.recall(found)) return undefined
  if (satisfies(found.rung, 'supervisor')) return found
  return satisfies(found.rung, await engine.rung()) ? found : undefined
}

/** Whether nothing of the result has to be made again before a step can use it. */
export function isHere(engine: Engine, realisation: Realisation): boolean {
  return realisation.artifacts.every(({ object }) => engine.objects.isHere(object))
}
