// output-sources.ts — what a step answered, checked: the document, and where the files of its artifacts are. Stores nothing.
import { lstatSync } from 'node:fs'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { Json } from '../../dsl/plan/json.ts'
import type { Plan } from '../../dsl/plan/plan.ts'
import { schemaOf, type PreparedStep } from '../rebuild/prepare.ts'
import { physicalOf, type StepSpec } from '../sandbox/run-step.ts'
import { Checkout } from './trees/checkout.ts'
import { validate, type FoundArtifact } from '../validate/validate.ts'

export interface Answered {
  readonly prepared: PreparedStep
  readonly spec: StepSpec
  readonly response: string
}
export interface OutputSource {
  readonly artifact: FoundArtifact
  /** An object that went in, or files of the step's own. */
  readonly source: Source
}

/** @throws CodedError TN3706–TN3709, TN3711 */
export function outputSources(
  plan: Plan,
  answered: Answered,
): { readonly document: Json; readonly sources: readonly OutputSource[] } {
  const { prepared } = answered
  const name = `step '${prepared.step.chain}@${prepared.step.name}'`
  const validation = validate(schemaOf(plan, prepared.step, 'output'), parse(answered.response, name))
  if (!validation.ok)
    throw new CodedError('TN3707', `${name} returned a document that does not fit its output schema`, {
      details: validation.problems.map(
        ({ pointer, message }) => `${pointer === '' ? '(the document)' : pointer}: ${message}`,
      ),
      hint: `the next step was not started and nothing was stored; correct the body${
        prepared.step.body.kind === 'script' ? ' (`output` gives text, `output_json` any value)' : ''
      }, or its output schema`,
    })
  return {
    document: validation.document,
    sources: validation.artifacts.map((artifact) => ({
      artifact,
      source: sourceOf(artifact, answered, name),
    })),
  }
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

export type Source =
  | { readonly kind: 'input'; readonly path: string }
  | { readonly kind: 'new'; readonly physical: string }
  /** A work tree in layers, which passes on. */
  | { readonly kind: 'checkout'; readonly checkout: Checkout }

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
  const checkout = spec.workTrees.find((tree) => tree instanceof Checkout && tree.upper === physical)
  if (checkout instanceof Checkout)
    return artifact.kind === 'workTree'
      ? { kind: 'checkout', checkout }
      : checkFound(checkout.flatten(), artifact, name)
  return checkFound(physical, artifact, name)
}

function checkFound(physical: string, artifact: FoundArtifact, name: string): Source {
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
