// admit-output.ts — the files of a step's artifacts become objects, kept in the store or passing to the next step.
import type { Json } from '../../dsl/plan/json.ts'
import type { PreparedStep } from '../rebuild/prepare.ts'
import { replaceAt, replaceText } from '../rebuild/replace-at.ts'
import { workPath } from '../rebuild/work-path.ts'
import type { RealisedArtifact } from '../store/realisation.ts'
import type { AdmitOptions, StoreObject, StorePath } from '../store/store.ts'
import type { Engine } from './engine.ts'
import { outputSources, type Answered, type OutputSource } from './output-sources.ts'

export interface AdmittedOutput {
  readonly document: Json
  readonly artifacts: readonly RealisedArtifact[]
  /** Work trees that the store does not keep. */
  readonly passing: readonly StoreObject[]
}

/** Nothing is stored before all of the answer is known to be valid. @throws CodedError TN3706–TN3711, TN5xxx */
export function admitOutput(engine: Engine, index: number, answered: Answered): AdmittedOutput {
  const { document, sources } = outputSources(engine.plan, answered)
  const placed = admitPlaced(engine, sources, answered.prepared)
  const admitted = new Map([...placed.values()].map(({ placeholder, path }) => [placeholder, path]))
  const passing: StoreObject[] = []
  const objectOf = ({ artifact, source }: OutputSource): StorePath => {
    if (source.kind === 'input') return source.path
    const known = placed.get(artifact.pointer)
    if (known !== undefined) return known.path
    const isOnlyUse = source.kind === 'checkout' || isAlone(source.physical, sources)
    const options = admitOptions(artifact.pointer, answered.prepared, isOnlyUse)
    if (source.kind === 'new' && artifact.kind !== 'workTree')
      return engine.store.admit(source.physical, { ...options, admitted }).path
    const object =
      source.kind === 'checkout'
        ? engine.objects.passCheckout(source.checkout, options)
        : engine.objects.passFiles(source.physical, options)
    if (engine.keeps(index)) engine.objects.keep(object.path)
    else passing.push(object)
    return object.path
  }
  const places = new Map<string, string>()
  const artifacts = sources.map((output): RealisedArtifact => {
    const { pointer, kind } = output.artifact
    const object = objectOf(output)
    places.set(pointer, kind === 'workTree' ? workPath(pointer, 'document') : object)
    return { pointer, kind, object }
  })
  return { document: replaceText(replaceAt(document, places), admitted), artifacts, passing }
}

interface Placed {
  readonly placeholder: StorePath
  readonly path: StorePath
}

/** Outputs that have a placeholder, by pointer; they may name each other and themselves, wherever the step put them. */
function admitPlaced(
  engine: Engine,
  sources: readonly OutputSource[],
  prepared: PreparedStep,
): ReadonlyMap<string, Placed> {
  const outputs = sources.flatMap(({ artifact, source }) => {
    const output = prepared.outputs.find(({ pointer }) => pointer === artifact.pointer)
    if (source.kind !== 'new' || output == null || output.placeholder === null) return []
    const { name, placeholder } = output
    const consume = isAlone(source.physical, sources)
    return [{ pointer: artifact.pointer, source: source.physical, name, placeholder, consume }]
  })
  if (outputs.length === 0) return new Map()
  const candidates = prepared.closure.map(({ path }) => path)
  const objects = engine.store.admitOutputs(outputs, candidates)
  return new Map(
    outputs.map(({ pointer, placeholder }, i) => [pointer, { placeholder, path: objects[i]?.path ?? '' }]),
  )
}

function admitOptions(pointer: string, prepared: PreparedStep, consume: boolean): AdmitOptions {
  const output = prepared.outputs.find((each) => each.pointer === pointer)
  const field = pointer.split('/').at(-1) ?? 'out'
  return {
    name: output?.name ?? `${prepared.step.chain}-${field}`,
    candidates: prepared.closure.map(({ path }) => path),
    consume,
  }
}

/** Files that two fields name, or that lie in what another names, are not given away. */
function isAlone(physical: string, sources: readonly OutputSource[]): boolean {
  const touching = sources.filter(
    ({ source }) =>
      source.kind === 'new' &&
      (source.physical === physical ||
        source.physical.startsWith(`${physical}/`) ||
        physical.startsWith(`${source.physical}/`)),
  )
  return touching.length === 1
}
