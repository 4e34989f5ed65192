// validate.ts — is a document what the schema says, and what of it is handed on. Leaves what a refusal means for the build to its callers.
import type { Json } from '../../dsl/plan/json.ts'
import type { JsonSchema } from '../../dsl/plan/plan.ts'
import { compile } from './compile.ts'
import { explain } from './explain.ts'
import { normalise, type FoundArtifact, type Walk } from './normalise.ts'
import { ownJson } from './own-json.ts'
import type { Problem } from './problem.ts'

export type { FoundArtifact } from './normalise.ts'

export type Validation =
  | { readonly ok: true; readonly document: Json; readonly artifacts: readonly FoundArtifact[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/**
 * `document` of the result is a fresh copy with defaults filled in, without members that the schema does not name (where
 * it says so), and with nothing else changed. Artifacts stand in the order of the schema's members.
 */
export function validate(schema: JsonSchema, document: unknown): Validation {
  const own = ownJson(document)
  if (own.kind === 'not-json') return { ok: false, problems: [own.problem] }
  const compiled = compile(schema)
  if (!compiled.accepts(compiled.root, own.value))
    return { ok: false, problems: explain(compiled, own.value) }
  const walk: Walk = { compiled, artifacts: new Map(), conflicts: [] }
  const handedOn = normalise(compiled.root, own.value, '', walk)
  if (walk.conflicts.length > 0) return { ok: false, problems: walk.conflicts }
  return { ok: true, document: handedOn, artifacts: [...walk.artifacts.values()] }
}
