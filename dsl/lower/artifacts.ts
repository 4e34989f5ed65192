// artifacts.ts — the artifact fields of an output schema whose place in the document is known before running.
import type { StepNode } from '../chain/node.ts'
import { isName } from '../chain/name.ts'
import { pointerToken } from '../plan/json.ts'
import type { ArtifactKind, JsonSchema, OutputArtifact } from '../plan/plan.ts'
import { ARTIFACT_KEYWORD } from '../plan/schema.ts'
import { objectSchema } from '../step/object-schema.ts'
import { planError, type Draft } from './draft.ts'

interface Found {
  readonly fields: readonly string[]
  readonly kind: ArtifactKind
}

/** @throws CodedError TN1318 for a field whose name no store path can hold. */
export function outputArtifacts(
  draft: Draft,
  node: StepNode,
  chain: string,
  schema: JsonSchema,
): readonly OutputArtifact[] {
  return [...artifactsIn(schema, [])].map(({ fields, kind }) => {
    for (const field of fields)
      if (!isName(field))
        throw planError(draft, node.site, 'TN1318', `step '${node.name}' has the artifact field '${field}'`, {
          hint: "It becomes part of a path: use letters, digits, '.', '_', '+' and '-'.",
        })
    return { pointer: fields.map(pointerToken).join(''), kind, name: `${chain}-${fields.join('.')}` }
  })
}

function* artifactsIn(schema: JsonSchema, fields: readonly string[]): Generator<Found> {
  const kind = schema[ARTIFACT_KEYWORD]
  if (typeof kind === 'string') yield { fields, kind: kind as ArtifactKind } // written by dsl/schema/artifact.ts alone
  for (const [key, member] of Object.entries(objectSchema(schema)?.properties ?? {}))
    yield* artifactsIn(member, [...fields, key])
}
