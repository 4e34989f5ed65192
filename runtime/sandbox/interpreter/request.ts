// request.ts — the document a module body is started with, and how its answer becomes text; alike in every interpreter. Runs inside.
import { canonicalJson, type JsonObject, NotJsonError, pointerKeys } from '../../../dsl/plan/json.ts'

/** The driver writes it, with these members. */
export interface Request extends JsonObject {
  readonly chain: string
  readonly step: string
  readonly captures: JsonObject
  readonly outputs: Readonly<Record<string, string>>
}

/** What the loader makes of a step's `run`: the values it captured, then the body itself. */
export type BodyModule = { readonly default: (captures: JsonObject) => (context: object) => unknown }

export interface OutputPaths {
  [field: string]: string | OutputPaths
}

/** `{ '/a/b': path }` as `{ a: { b: path } }`. */
export function outputPaths(outputs: Readonly<Record<string, string>>): OutputPaths {
  const paths: OutputPaths = {}
  for (const [pointer, path] of Object.entries(outputs)) {
    const names = [...pointerKeys(pointer)]
    const last = names.pop()
    let at = paths
    for (const name of names) {
      const inner = at[name]
      at = typeof inner === 'object' ? inner : (at[name] = {})
    }
    if (last !== undefined) at[last] = path
  }
  return paths
}

/** @throws NotJsonError naming the step and the place. */
export function lossless(request: Request, output: unknown): string {
  try {
    return canonicalJson(output)
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    throw new NotJsonError(
      `the output of step '${request.chain}@${request.step}'${error.pointer === '' ? '' : ` at ${error.pointer}`}`,
      error.found,
    )
  }
}
