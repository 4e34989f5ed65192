// schema.ts — the keywords Tenon adds to JSON Schema draft-07; written by dsl/schema, read by runtime/validate.

/** On a string: it is an artifact's path. Value: an ArtifactKind. */
export const ARTIFACT_KEYWORD = 'x-tenon-artifact'
/** On an object: `true` when members that `properties` does not name are left out of what is handed on (zod's z.object). */
export const STRIP_KEYWORD = 'x-tenon-strip'
