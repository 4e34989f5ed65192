// comparison.ts — which claims became worse since an earlier run. Reads no files.
import { amount } from './report.ts'
import type { Claim } from './row.ts'
import type { Results } from './results.ts'

export interface Change {
  readonly row: string
  readonly claim: Claim // as it is now
  readonly before: number
  /** 1.5: half as bad again as before; below 1: better. Whatever direction is good. */
  readonly worsening: number
}
export interface Comparison {
  readonly worse: readonly Change[]
  readonly better: readonly Change[]
  readonly unchanged: readonly Change[]
  /** Claims with a value in one of the runs alone, as `row: label`. */
  readonly onlyBefore: readonly string[]
  readonly onlyNow: readonly string[]
}

type Named = ReadonlyMap<string, { readonly row: string; readonly claim: Claim; readonly value: number }>

function claimsOf({ rows }: Results): Named {
  return new Map(
    rows.flatMap(({ name, claims }) =>
      claims.flatMap((claim) =>
        claim.value === null
          ? []
          : [[`${name}: ${claim.label}`, { row: name, claim, value: claim.value }] as const],
      ),
    ),
  )
}

/** `tolerance` 0.2: a fifth worse is still noise. */
export function compare(before: Results, now: Results, tolerance: number): Comparison {
  const [earlier, later] = [claimsOf(before), claimsOf(now)]
  const changes = [...later].flatMap(([name, { row, claim, value }]): Change[] => {
    const past = earlier.get(name)?.value
    if (past === undefined) return []
    return [{ row, claim, before: past, worsening: claim.better === 'lower' ? value / past : past / value }]
  })
  return {
    worse: changes.filter(({ worsening }) => worsening > 1 + tolerance),
    better: changes.filter(({ worsening }) => worsening < 1 / (1 + tolerance)),
    unchanged: changes.filter(
      ({ worsening }) => worsening <= 1 + tolerance && worsening >= 1 / (1 + tolerance),
    ),
    onlyBefore: [...earlier.keys()].filter((name) => !later.has(name)),
    onlyNow: [...later.keys()].filter((name) => !earlier.has(name)),
  }
}

export function comparisonText({ worse, better, unchanged, onlyBefore, onlyNow }: Comparison): string {
  const line = ({ row, claim, before }: Change): string =>
    `  ${row}: ${claim.label}: ${amount(before, claim.unit)} → ${amount(claim.value ?? 0, claim.unit)}`
  const part = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : [`${title}:`, ...lines]
  return [
    ...part('worse', worse.map(line)),
    ...part('better', better.map(line)),
    ...part('as before', unchanged.map(line)),
    ...part(
      'not measured now',
      onlyBefore.map((name) => `  ${name}`),
    ),
    ...part(
      'not in the earlier run',
      onlyNow.map((name) => `  ${name}`),
    ),
  ].join('\n')
}
