// host-source.ts — files of the project as a stored object; copied and hashed only when their stamp changed.
import { digestOf } from '../../dsl/plan/digest.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { projectSource } from '../fetch/source.ts'
import { sourceStamp, StampCache } from '../fetch/source-stamp.ts'
import type { SourceParams } from '../fetch/source/list.ts'
import { resolve } from '../rebuild/resolve.ts'
import { workPath } from '../rebuild/work-path.ts'
import type { Realisation } from '../store/realisation.ts'
import type { Store } from '../store/store.ts'
import type { StorePath } from '../store/store-path.ts'
import { labelOf, realisedBy, type Engine, type StepRun } from './engine.ts'

/** Sources have no key of their own: their content is what later steps are keyed by. @throws CodedError TN40xx */
export function realiseSource(engine: Engine, index: number, step: PlannedStep): StepRun {
  const { store, projectRoot } = engine
  const startedAtMs = Date.now()
  const source = sourceOf(step, realisedBy(engine))
  const known = storedSource(store, projectRoot, source)
  if (known.object !== undefined)
    return { realisation: realisationOf(source, known.object, 0), from: 'store' }
  engine.onEvent({ kind: 'step-started', label: labelOf(engine.plan, index) })
  const scratch = store.scratch('source')
  try {
    const { path } = projectSource(source.params, {
      projectRoot,
      scratch: scratch.directory,
      home: store.home,
    })
    const options = { name: source.name, candidates: [], consume: true }
    const object = source.params.single ? store.admit(path, options) : engine.objects.passFiles(path, options)
    engine.objects.keep(object.path)
    known.cache.set(known.stamp, object.path)
    return { realisation: realisationOf(source, object.path, Date.now() - startedAtMs), from: 'run' }
  } finally {
    scratch.remove()
  }
}

/** The realisation when the files are as they were when last stored. */
export function sourceIfStored(
  store: Store,
  projectRoot: string,
  step: PlannedStep,
  realised: (step: number) => Realisation,
): Realisation | undefined {
  const source = sourceOf(step, realised)
  const { object } = storedSource(store, projectRoot, source)
  return object === undefined ? undefined : realisationOf(source, object, 0)
}

interface Source {
  readonly params: SourceParams
  readonly name: string
}

/** Which files of the project a source step takes. */
export function sourceParamsOf(engine: Engine, step: PlannedStep): SourceParams {
  return sourceOf(step, realisedBy(engine)).params
}

function sourceOf(step: PlannedStep, realised: (step: number) => Realisation): Source {
  const params = resolve(step.params, realised).value as unknown as SourceParams // lowered by the dsl to this shape
  return { params, name: step.outputs[0]?.name ?? 'source' }
}

function storedSource(store: Store, projectRoot: string, { params, name }: Source) {
  const cache = new StampCache(store.home)
  const stamp = digestOf(`${name}:${sourceStamp(params, projectRoot, store.home)}`)
  const known = cache.get(stamp)
  return {
    cache,
    stamp,
    object: known !== undefined && store.object(known) !== undefined ? known : undefined,
  }
}

function realisationOf({ params }: Source, object: StorePath, durationMs: number): Realisation {
  return {
    format: 1,
    key: digestOf(`source:${object}`),
    document: params.single ? { file: object } : { src: workPath('/src', 'document') },
    artifacts: [
      {
        pointer: params.single ? '/file' : '/src',
        kind: params.single ? 'file' : 'workTree',
        object,
      },
    ],
    rung: 'host',
    durationMs,
    at: new Date().toISOString(),
  }
}
