// artifacts.ts — where a step puts its artifacts: the fields of known places, with the names of their store objects.
import type { StepNode } from '../chain/node.ts'
import { isName } from '../chain/name.ts'
import { pointerKeys } from '../plan/json.ts'
import type { JsonSchema, OutputArtifact } from '../plan/plan.ts'
import { artifactFields } from '../schema/artifact-fields.ts'
import { planError, type Draft } from './draft.ts'

/** @throws CodedError TN1318 for a field whose name no store path can hold. */
export function outputArtifacts(
  draft: Draft,
  node: StepNode,
  chain: string,
  schema: JsonSchema,
): readonly OutputArtifact[] {
  return artifactFields(schema).map(({ pointer, kind }) => {
    const fields = pointerKeys(pointer)
    for (const field of fields)
      if (!isName(field))
        throw planError(draft, node.site, 'TN1318', `step '${node.name}' has the artifact field '${field}'`, {
          hint: "It becomes part of a path: use letters, digits, '.', '_', '+' and '-'.",
        })
    return { pointer, kind, name: `${chain}-${fields.join('.')}` }
  })
}
