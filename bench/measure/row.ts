// row.ts — the data of a benchmark: rows, their figures, and the claims made from them. Measures nothing.
import { median, ratioOf } from './statistics.ts'

/** `ms`, `MB` are machine-dependent; `types` are instantiations of the type checker, which repeat exactly. */
export type Unit = 'ms' | 'MB' | 'types'

export type Figure = { readonly label: string; readonly unit: Unit } & (
  | { readonly kind: 'measured'; readonly samples: readonly number[] } // one for each round
  | { readonly kind: 'not-run'; readonly reason: string }
)

/** What a row shows. A value that should be high has a least, one that should be low has a most; null: no target. */
export interface Claim {
  readonly label: string
  readonly unit: '×' | 'MB'
  readonly better: 'higher' | 'lower'
  readonly target: number | null
  /** null when one of its figures was not run. */
  readonly value: number | null
}
export type Goal = Pick<Claim, 'better' | 'target'>

export interface RowResult {
  readonly name: string
  readonly title: string
  readonly figures: readonly Figure[]
  readonly claims: readonly Claim[]
  /** Of the row as a whole; then there are no figures. */
  readonly failure: string | null
}

export const measured = (label: string, unit: Unit, samples: readonly number[]): Figure => ({
  label,
  unit,
  kind: 'measured',
  samples,
})
export const notRun = (label: string, unit: Unit, reason: string): Figure => ({
  label,
  unit,
  kind: 'not-run',
  reason,
})

/** `of` ÷ `over`, named after both figures. */
export function ratio(of: Figure, over: Figure, goal: Goal): Claim {
  const value = of.kind === 'measured' && over.kind === 'measured' ? ratioOf(of.samples, over.samples) : null
  return { label: `${of.label} ÷ ${over.label}`, unit: '×', ...goal, value }
}

/** The figure itself, held against a most. */
export function atMost(figure: Figure, unit: 'MB', target: number): Claim {
  const value = figure.kind === 'measured' ? median(figure.samples) : null
  return { label: figure.label, unit, better: 'lower', target, value }
}

/** null: nothing to say, for want of a target or a value. */
export function isMet({ value, target, better }: Claim): boolean | null {
  if (value === null || target === null) return null
  return better === 'higher' ? value >= target : value <= target
}
