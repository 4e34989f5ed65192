// look-ahead.ts — what a build would find in the store and what it would have to run, as far as that is known without running.
import type { Digest } from '../../dsl/plan/digest.ts'
import type { Plan } from '../../dsl/plan/plan.ts'
import { fixedKey } from '../engines/fixed-output.ts'
import { fetchKey } from '../engines/host-fetch.ts'
import { sourceIfStored } from '../engines/host-source.ts'
import { BuildObjects } from '../engines/objects.ts'
import { prepareStep, type PrepareContext } from '../rebuild/prepare.ts'
import type { Graph } from '../schedule/schedule.ts'
import type { Realisation } from '../store/realisation.ts'
import { Store } from '../store/store.ts'
import type { Target } from './target.ts'

export interface Foreseen {
  readonly key: Digest | null
  readonly realised: boolean
  /** What the key is made of; null for host steps. */
  readonly description: string | null
  readonly realisation: Realisation | undefined
}

/** Steps that hang on something not realised yet are left out. */
export async function lookAhead(
  target: Target,
  home: string,
  graph: Graph,
): Promise<ReadonlyMap<number, Foreseen>> {
  const store = Store.open(home)
  const { plan, projectRoot } = target.loaded
  const realisations = new Map<number, Realisation>()
  const foreseen = new Map<number, Foreseen>()
  const objects = new BuildObjects(store)
  const views: Known['views'] = new Map()
  for (const [index, needs] of graph.needs) {
    if (![...needs].every((need) => realisations.has(need))) continue
    const found = await foresee(plan, { store, objects, views, projectRoot, realisations }, index)
    foreseen.set(index, found)
    if (found.realisation !== undefined) realisations.set(index, found.realisation)
  }
  return foreseen
}

interface Known {
  readonly store: Store
  readonly objects: BuildObjects
  readonly views: PrepareContext['views']
  readonly projectRoot: string
  readonly realisations: ReadonlyMap<number, Realisation>
}

async function foresee(
  plan: Plan,
  { store, objects, views, projectRoot, realisations }: Known,
  index: number,
): Promise<Foreseen> {
  const step = plan.steps[index]
  if (step === undefined) throw new Error(`the plan has no step ${index}`)
  const realised = (need: number): Realisation => {
    const realisation = realisations.get(need)
    if (realisation === undefined) throw new Error(`step ${need} is asked for before it is realised`)
    return realisation
  }
  const known = (key: Digest | null, realisation: Realisation | undefined, description: string | null) => ({
    key,
    realised: realisation !== undefined,
    description,
    realisation,
  })
  if (step.body.kind === 'host' && step.body.operation === 'source') {
    const realisation = sourceIfStored(store, projectRoot, step, realised)
    return known(realisation?.key ?? null, realisation, null)
  }
  const fixed = step.body.kind === 'host' ? fetchKey(step, realised) : fixedKey(step)
  const stored = (key: Digest): Realisation | undefined => {
    const found = store.recollection(key)
    return found !== undefined && objects.recall(found) ? found : undefined
  }
  if (fixed !== null) return known(fixed, stored(fixed), null)
  if (step.body.kind === 'host') return known(null, undefined, null)
  const prepared = await prepareStep(step, { plan, store, objects, views, realised })
  return known(prepared.key, stored(prepared.key), prepared.description())
}
