// body.ts — a step body as planning sees it: the digest of its code and the values it captured. Extraction is runtime/load's.
import { CodedError } from './plan/coded-error.ts'
import { canonicalJson, NotJsonError, type JsonObject } from './plan/json.ts'
import type { ModuleInterpreter } from './plan/plan.ts'
import { hasRefs } from './step/ref.ts'

export interface ExtractedBody {
  readonly digest: string
  readonly captures: JsonObject
  /** What it was bundled for. */
  readonly interpreter: ModuleInterpreter
}
const handles = new WeakMap<object, ExtractedBody>()

/**
 * Stands where `run` stood. `captures` are the values of variables around it, by name.
 * @throws CodedError TN1313 for a captured value that is not plain JSON.
 */
export function bodyHandle(
  digest: string,
  captures: Record<string, unknown>,
  interpreter: ModuleInterpreter = 'node',
): (context: any) => any /* it takes the place of every run, whatever its types */ {
  for (const [name, value] of Object.entries(captures)) refuseUnlessJson(name, value)
  const handle = (): never => {
    throw new CodedError('TN1314', 'a step body was called while planning', {
      hint: 'Bodies run later, each in a process of its own: use the step in a chain.',
    })
  }
  // A copy, so that later changes to the variable do not matter.
  const copy = JSON.parse(canonicalJson(captures)) as JsonObject // canonical JSON of a record
  handles.set(handle, { digest, captures: copy, interpreter })
  return handle
}

/** The body behind a handle; undefined for a real function. */
export function bodyOf(run: unknown): ExtractedBody | undefined {
  return typeof run === 'function' ? handles.get(run) : undefined
}

function refuseUnlessJson(name: string, value: unknown): void {
  const problem = hasRefs(value) ? 'holds a reference to a step' : whyNotJson(value)
  if (problem !== null)
    throw new CodedError('TN1313', `the body of a step uses the variable '${name}', which ${problem}`, {
      hint: `A body runs in another process and takes only plain data along: pass '${name}' through params.`,
    })
}

function whyNotJson(value: unknown): string | null {
  try {
    canonicalJson(value)
    return null
  } catch (error) {
    if (!(error instanceof NotJsonError)) throw error
    return error.pointer === '' ? `is ${error.found}` : `has ${error.found} at ${error.pointer}`
  }
}
