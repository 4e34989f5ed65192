// artifact.ts — schemas and types of artifacts: a path, as a string, that stands for files. Leaves finding them in documents to runtime/validate.
import { z } from 'zod'
import type { ArtifactKind } from '../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'

/** A path that stands for files. At run time a plain string; only a step's own body and the runtime make one. */
export type ArtifactOf<K extends ArtifactKind> = string & { readonly '~artifact': K }
/** One file, immutable. */
export type File = ArtifactOf<'file'>
/** A folder, immutable, at its store path. */
export type Tree = ArtifactOf<'tree'>
/** A folder that the next step may write in, at `/build/<field>`. */
export type WorkTree = ArtifactOf<'workTree'>
export type Artifact = File | Tree | WorkTree

/** The kind of an artifact type; `never` for all other types. */
export type KindOf<T> = T extends { readonly '~artifact': infer K extends ArtifactKind } ? K : never

export type ArtifactSchema<T extends Artifact> = z.ZodType<T, T>

/** A file of the store. */
export function file(): ArtifactSchema<File> {
  return z
    .string()
    .meta({ [ARTIFACT_KEYWORD]: 'file' satisfies ArtifactKind }) as unknown as ArtifactSchema<File> // the brand is of the type alone
}

/** A folder of the store. */
export function tree(): ArtifactSchema<Tree> {
  return z
    .string()
    .meta({ [ARTIFACT_KEYWORD]: 'tree' satisfies ArtifactKind }) as unknown as ArtifactSchema<Tree> // the brand is of the type alone
}

/** A folder that the next step gets a writable copy of. */
export function workTree(): ArtifactSchema<WorkTree> {
  return z
    .string()
    .meta({ [ARTIFACT_KEYWORD]: 'workTree' satisfies ArtifactKind }) as unknown as ArtifactSchema<WorkTree> // the brand is of the type alone
}
