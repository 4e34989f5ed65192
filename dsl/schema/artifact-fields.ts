// artifact-fields.ts — where a document of a schema has artifacts for certain. Leaves lists, records and unions, whose artifacts only the document shows, to runtime/validate.
import { byCodeUnit, pointerToken, type JsonObject } from '../plan/json.ts'
import type { ArtifactKind, JsonSchema } from '../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'

export interface ArtifactField {
  readonly pointer: string // RFC 6901, in the document
  readonly kind: ArtifactKind
}

/** Through members of objects and sides of intersections; sorted by pointer. The root itself has the pointer ``. */
export function artifactFields(schema: JsonSchema): readonly ArtifactField[] {
  const found = new Map<string, ArtifactKind>()
  collect(schema, '', { root: schema, open: new Set() }, found)
  return [...found]
    .map(([pointer, kind]) => ({ pointer, kind }))
    .toSorted((a, b) => byCodeUnit(a.pointer, b.pointer))
}

interface Walk {
  readonly root: JsonSchema
  readonly open: Set<JsonObject> // a recursive schema has no fixed places beyond its first level
}

function collect(schema: JsonObject, pointer: string, walk: Walk, found: Map<string, ArtifactKind>): void {
  if (walk.open.has(schema)) return
  walk.open.add(schema)
  const kind = schema[ARTIFACT_KEYWORD]
  if (typeof kind === 'string') found.set(pointer, kind as ArtifactKind) // the keyword's values
  if (typeof schema.$ref === 'string') collect(definition(walk.root, schema.$ref), pointer, walk, found)
  for (const side of (schema.allOf ?? []) as readonly JsonObject[]) collect(side, pointer, walk, found) // as the draft has it
  const members = Object.entries((schema.properties ?? {}) as JsonObject) // as the draft has it
  for (const [name, member] of members)
    collect(member as JsonObject, pointer + pointerToken(name), walk, found)
  walk.open.delete(schema)
}

/** The schema that a `$ref` of convert.ts means: always an own definition of the document. */
export function definition(root: JsonSchema, ref: string): JsonObject {
  const definitions = (root.definitions ?? {}) as Readonly<Record<string, JsonObject>> // as the draft has it
  const found = definitions[ref.slice('#/definitions/'.length)]
  if (found === undefined) throw new TypeError(`the schema has no definition ${ref}`)
  return found
}
