// admit-output.ts — what a step answered becomes a checked document and stored objects; nothing is stored before all of it is valid.
import { lstatSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Json } from '../../dsl/plan/json.ts'
import type { Plan } from '../../dsl/plan/plan.ts'
import { schemaOf, type PreparedStep } from '../rebuild/prepare.ts'
import { replaceAt } from '../rebuild/replace-at.ts'
import { workPath } from '../rebuild/work-path.ts'
import { physicalOf, type StepSpec } from '../sandbox/run-step.ts'
import type { RealisedArtifact } from '../store/realisation.ts'
import type { Store } from '../store/store.ts'
import { validate, type FoundArtifact } from '../validate/validate.ts'

export interface AdmittedOutput {
  readonly document: Json
  readonly artifacts: readonly RealisedArtifact[]
}

export interface Answered {
  readonly prepared: PreparedStep
  readonly spec: StepSpec
  readonly response: string
}

/** @throws CodedError TN3706–TN3709. */
export function admitOutput(plan: Plan, store: Store, answered: Answered): AdmittedOutput {
  const { prepared } = answered
  const name = `step '${prepared.step.chain}@${prepared.step.name}'`
  const validation = validate(schemaOf(plan, prepared.step, 'output'), parse(answered.response, name))
  if (!validation.ok)
    throw new CodedError('TN3707', `${name} returned a document that does not fit its output schema`, {
      details: validation.problems.map(
        ({ pointer, message }) => `${pointer === '' ? '(the document)' : pointer}: ${message}`,
      ),
      hint: 'the next step was not started and nothing was stored; correct the body, or its output schema',
    })
  const sources = validation.artifacts.map((artifact) => ({
    artifact,
    source: sourceOf(artifact, answered, name),
  }))
  const places = new Map<string, string>()
  const artifacts = sources.map(({ artifact, source }): RealisedArtifact => {
    const object = source.kind === 'input' ? source.path : admit(store, artifact, source.physical, prepared)
    places.set(
      artifact.pointer,
      artifact.kind === 'workTree' ? workPath(artifact.pointer, 'document') : object,
    )
    return { pointer: artifact.pointer, kind: artifact.kind, object }
  })
  return { document: replaceAt(validation.document, places), artifacts }
}

function parse(response: string, name: string): unknown {
  try {
    return JSON.parse(response)
  } catch (cause) {
    throw new CodedError('TN3706', `${name} left an output document that is not JSON`, {
      cause,
      details: [
        cause instanceof Error ? cause.message : String(cause),
        `it begins: ${JSON.stringify(response.slice(0, 80))}`,
      ],
    })
  }
}

type Source =
  { readonly kind: 'input'; readonly path: string } | { readonly kind: 'new'; readonly physical: string }

function sourceOf(artifact: FoundArtifact, { prepared, spec }: Answered, name: string): Source {
  if (
    artifact.kind !== 'workTree' &&
    prepared.closure.some(({ path, kind }) => path === artifact.path && kind === artifact.kind)
  )
    return { kind: 'input', path: artifact.path }
  const physical = physicalOf(spec, artifact.path)
  if (physical === undefined)
    throw new CodedError(
      'TN3709',
      `${name} returned ${artifact.pointer} = ${JSON.stringify(artifact.path)}, which is not a place of its own`,
      {
        hint: 'an artifact is an input, a path in /build or /tmp, or the path that `out.<field>` gives',
      },
    )
  const found = kindAt(physical)
  const wanted = artifact.kind === 'file' ? 'file' : 'tree'
  if (found === null)
    throw new CodedError(
      'TN3708',
      `${name} returned ${artifact.pointer} = ${JSON.stringify(artifact.path)}, but nothing is there`,
    )
  if (found !== wanted)
    throw new CodedError(
      'TN3711',
      `${name} returned ${artifact.pointer} = ${JSON.stringify(artifact.path)}, which is ${describe(found)}, not ${describe(wanted)}`,
      {
        hint: `its schema says ${artifact.kind}()`,
      },
    )
  return { kind: 'new', physical }
}

function kindAt(path: string): 'file' | 'tree' | 'other' | null {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  return stat.isFile() ? 'file' : stat.isDirectory() ? 'tree' : 'other'
}

function describe(kind: 'file' | 'tree' | 'other'): string {
  return kind === 'file' ? 'a file' : kind === 'tree' ? 'a folder' : 'neither file nor folder'
}

function admit(store: Store, artifact: FoundArtifact, source: string, prepared: PreparedStep): string {
  const output = prepared.outputs.find(({ pointer }) => pointer === artifact.pointer)
  const field = artifact.pointer.split('/').at(-1) ?? 'out'
  return store.admit(source, {
    name: output?.name ?? `${prepared.step.chain}-${field}`,
    ...(output?.placeholder == null ? {} : { placeholder: output.placeholder }),
    candidates: prepared.closure.map(({ path }) => path),
    // Two fields may name one folder, so only a place that belongs to one field is given away.
    consume: output !== undefined && output.path === artifact.path && artifact.kind !== 'workTree',
  }).path
}
