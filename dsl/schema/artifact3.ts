// artifact3.ts — the artifact schemas of artifact.ts for steps whose schemas are written in zod 3.
import { z } from 'zod/v3'
import type { ArtifactKind } from '../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'
import type { Artifact, File, Tree, WorkTree } from './artifact.ts'

export type ArtifactSchema3<T extends Artifact> = z.ZodType<T, z.ZodTypeDef, T>

export function file3(): ArtifactSchema3<File> {
  return marked('file') as unknown as ArtifactSchema3<File> // the brand is of the type alone
}
export function tree3(): ArtifactSchema3<Tree> {
  return marked('tree') as unknown as ArtifactSchema3<Tree> // the brand is of the type alone
}
export function workTree3(): ArtifactSchema3<WorkTree> {
  return marked('workTree') as unknown as ArtifactSchema3<WorkTree> // the brand is of the type alone
}

/** zod 3 has no metadata, but copies of a schema keep what its definition holds. */
function marked(kind: ArtifactKind): z.ZodString {
  const def = { ...z.string()._def, [ARTIFACT_KEYWORD]: kind }
  return new z.ZodString(def)
}
