// realisation.ts — the record that an action gave a document and objects. Whether they still exist is store.ts's question.
import type { Digest } from '../../dsl/plan/digest.ts'
import { canonicalJson, type Json } from '../../dsl/plan/json.ts'
import type { ArtifactKind } from '../../dsl/plan/plan.ts'
import { atomicWrite } from './files/atomic-write.ts'
import { type Layout, shardedFile } from './layout.ts'
import { readRecord, type StoreObject } from './object.ts'
import { freshPath } from './running/scratch.ts'
import type { StorePath } from './store-path.ts'

export const REALISATION_FORMAT = 1

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

export function readRealisation(layout: Layout, key: Digest): Realisation | undefined {
  const record = readRecord<Realisation>(shardedFile(layout.realisations, key), REALISATION_FORMAT)
  return record?.key === key ? record : undefined
}

export function writeRealisation(layout: Layout, realisation: Realisation): void {
  const file = shardedFile(layout.realisations, realisation.key)
  atomicWrite(freshPath(layout.tmp, 'realisation'), file, canonicalJson(realisation))
}
