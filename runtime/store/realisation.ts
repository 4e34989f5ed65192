// realisation.ts — the record that an action gave a document and objects, and what it was. Whether they still exist is store.ts's question.
import { existsSync } from 'node:fs'
import type { Digest } from '../../dsl/plan/digest.ts'
import { canonicalJson, type Json } from '../../dsl/plan/json.ts'
import type { ArtifactKind } from '../../dsl/plan/plan.ts'
import { atomicWrite } from './files/atomic-write.ts'
import { type Layout, resultFile } from './layout.ts'
import { parseRecord, readText, type StoreObject } from './object.ts'
import { freshPath } from './running/scratch.ts'
import type { StorePath } from './store-path.ts'

const REALISATION_FORMAT = 1

export interface Realisation {
  readonly format: typeof REALISATION_FORMAT
  /** Of the action. */
  readonly key: Digest
  /** The validated output; artifacts are store paths, work trees `/build/<field>`. */
  readonly document: Json
  readonly artifacts: readonly RealisedArtifact[]
  /** Objects that were described but not kept: the step was inside of a unit, or they were collected. */
  readonly passing?: readonly StoreObject[]
  /** How strictly the step was isolated. */
  readonly rung: string
  readonly durationMs: number
  readonly at: string // ISO 8601; for people
}
export interface RealisedArtifact {
  readonly pointer: string // RFC 6901, in the document
  readonly kind: ArtifactKind
  readonly object: StorePath
}

/** The first line of a result's file. */
export function readRealisation(layout: Layout, key: Digest): Realisation | undefined {
  const file = resultFile(layout, key)
  if (!existsSync(file)) return undefined // most are asked for in vain at first; cheaper than an exception
  const record = parseRecord<Realisation>(readText(file)?.split('\n', 1)[0], REALISATION_FORMAT)
  return record?.key === key ? record : undefined
}

/** The second line: what the key was made of. Undefined when it was not kept. */
export function readAction(layout: Layout, key: Digest): string | undefined {
  const [, action, end] = readText(resultFile(layout, key))?.split('\n') ?? []
  return end === undefined ? undefined : action
}

/** `action` is one line. */
export function writeRealisation(layout: Layout, realisation: Realisation, action: string | undefined): void {
  const lines = [canonicalJson(realisation), ...(action === undefined ? [] : [action])]
  const text = lines.map((line) => `${line}\n`).join('')
  atomicWrite(freshPath(layout.tmp, 'result'), resultFile(layout, realisation.key), text)
}
