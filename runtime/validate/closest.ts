// closest.ts — of the branches of a union that all refuse a value, the one that was meant. Leaves what each has against it to explain.ts.
import type { Json } from '../../dsl/plan/json.ts'
import { describeValue, inWords } from './describe.ts'
import type { Problem } from './problem.ts'

export interface Finding extends Problem {
  /** Another kind of value altogether, another literal, or a fault of a value of the right kind. */
  readonly kind: 'kind' | 'literal' | 'other'
  readonly expected: readonly string[] // of a kind or literal: the alternatives
}

/** `whole` says that no branch was meant. */
export function closest(
  branches: readonly (readonly Finding[])[],
  whole: Finding,
  value: Json,
): readonly Finding[] {
  const here = (finding: Finding) => finding.pointer === whole.pointer && finding.kind !== 'other'
  const tag = (finding: Finding) =>
    finding.kind === 'literal' && finding.pointer.lastIndexOf('/') === whole.pointer.length
  const inside = branches.filter((findings) => !findings.some(here))
  const meant = inside.filter((findings) => !findings.some(tag))
  if (meant.length > 0) return fewest(meant)
  if (inside.length === 0) return [whole]
  return (
    wrongTag(
      inside.map((findings) => findings.find(tag)),
      value,
      whole.pointer,
    ) ?? fewest(inside)
  )
}

function fewest(branches: readonly (readonly Finding[])[]): readonly Finding[] {
  return branches.reduce((best, findings) => (findings.length < best.length ? findings : best))
}

/** All branches ask for some literal in one member: say all of them. */
function wrongTag(
  tags: readonly (Finding | undefined)[],
  value: Json,
  around: string,
): readonly Finding[] | undefined {
  const [first] = tags
  if (first === undefined || tags.some((tag) => tag?.pointer !== first.pointer)) return undefined
  const expected = [...new Set(tags.flatMap((tag) => tag?.expected ?? []))]
  const name = first.pointer
    .slice(around.length + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
  const found = (value as Readonly<Record<string, Json>>)[name] ?? null // a finding points at it
  return [{ ...first, expected, message: `expected ${inWords(expected)}, found ${describeValue(found)}` }]
}
