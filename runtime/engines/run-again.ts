// run-again.ts — a step whose result is stored is run once more and compared. Stores nothing.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { canonicalJson, pointerToken, type Json } from '../../dsl/plan/json.ts'
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { prepareStep, type PreparedStep } from '../rebuild/prepare.ts'
import { replaceAt, replaceText } from '../rebuild/replace-at.ts'
import { workPath } from '../rebuild/work-path.ts'
import { compareOutput } from '../store/compare-output.ts'
import type { Realisation } from '../store/realisation.ts'
import type { StorePath } from '../store/store-path.ts'
import { realisedBy, type Engine } from './engine.ts'
import { outputSources, type OutputSource } from './output-sources.ts'
import { answerOf, layOut } from './run-body.ts'

/** Undefined: the step gave the same again. What it needs and what it gave must be here. @throws CodedError when it fails this time */
export async function runAgain(
  engine: Engine,
  index: number,
  step: PlannedStep,
): Promise<CodedError | undefined> {
  const { plan, store, objects, views } = engine
  const realised = realisedBy(engine)
  const prepared = await prepareStep(step, { plan, store, objects, views, realised })
  const rung = await engine.rung()
  const where = await engine.places.take(rung, 'disk')
  try {
    const laidOut = await layOut(engine, prepared, index, where)
    mkdirSync(where.work, { recursive: true })
    const spec = { ...laidOut, logFile: join(where.work, 'log') } // the stored result's log stays as it is
    const response = await answerOf(engine, spec, prepared)
    const { document, sources } = outputSources(plan, { prepared, spec, response })
    const first = realised(index)
    const again = { engine, first, sources, replacements: replacementsOf(prepared, first) }
    const differences = [...filesDiffer(again), ...documentsDiffer(again, document)]
    if (differences.length === 0) return undefined
    if (!engine.keepFailed) return notReproducible(step, differences, null)
    const kept = where.keep(`check-${step.chain}-${step.name}`)
    return notReproducible(
      step,
      differences.map((line) => line.replaceAll(where.directory, kept)),
      kept,
    )
  } finally {
    engine.places.release(where, rung)
  }
}

interface Again {
  readonly engine: Engine
  readonly first: Realisation
  readonly sources: readonly OutputSource[]
  /** Placeholders, and what stands in their places in what is stored. */
  readonly replacements: ReadonlyMap<StorePath, StorePath>
}

function replacementsOf({ outputs }: PreparedStep, first: Realisation): Again['replacements'] {
  const pairs = outputs.flatMap(({ pointer, placeholder }) => {
    const stored = objectAt(first, pointer)
    return placeholder === null || stored === undefined ? [] : [[placeholder, stored] as const]
  })
  return new Map(pairs)
}

function filesDiffer({ engine, first, sources, replacements }: Again): readonly string[] {
  const { store, keepFailed } = engine
  return sources.flatMap(({ artifact, source }) => {
    const path = objectAt(first, artifact.pointer)
    const object = path === undefined ? undefined : store.object(path)
    if (source.kind !== 'new' || object === undefined) return []
    const physical = (): string => store.physical(object.path)
    const isWorkTree = artifact.kind === 'workTree' // these keep their placeholders
    const found = compareOutput(source.physical, { object, physical }, isWorkTree ? new Map() : replacements)
    if (found === undefined) return []
    const where = found.path === '' ? artifact.pointer : `${artifact.pointer}: ${found.path}`
    return [
      `${where} ${found.how}`,
      ...(keepFailed ? [`  first:  ${physical()}`, `  second: ${source.physical}`] : []),
    ]
  })
}

/** Artifacts stand in both for what they are in the first: their files were compared. */
function documentsDiffer({ first, sources, replacements }: Again, document: Json): readonly string[] {
  const places = new Map(
    sources.flatMap(({ artifact: { pointer, kind }, source }) => {
      const path = source.kind === 'input' ? source.path : objectAt(first, pointer)
      if (kind === 'workTree') return [[pointer, workPath(pointer, 'document')] as const]
      return path === undefined ? [] : [[pointer, path] as const]
    }),
  )
  const found = differingMember(first.document, replaceText(replaceAt(document, places), replacements), '')
  return found === undefined ? [] : [found]
}

function objectAt({ artifacts }: Realisation, pointer: string): StorePath | undefined {
  return artifacts.find((artifact) => artifact.pointer === pointer)?.object
}

function differingMember(one: Json | undefined, other: Json | undefined, at: string): string | undefined {
  if (canonicalJson({ one }) === canonicalJson({ one: other })) return undefined
  if (isComposite(one) && isComposite(other) && Array.isArray(one) === Array.isArray(other))
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = differingMember(one[key], other[key], at + pointerToken(key))
      if (found !== undefined) return found
    }
  return `${at === '' ? 'the document' : at} is ${shown(one)}, then ${shown(other)}`
}

function isComposite(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null
}

function shown(value: Json | undefined): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}

function notReproducible(step: PlannedStep, differences: readonly string[], kept: string | null): CodedError {
  return new CodedError('TN5060', `step '${step.chain}@${step.name}' gave something else when it ran again`, {
    details: differences,
    hint:
      kept === null
        ? 'tenon build --check --keep-failed keeps both versions. Usual causes: times, random names, the order of a folder, parallel writes.'
        : `the files of the second run are kept: ${kept}`,
  })
}
