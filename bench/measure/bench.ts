// bench.ts — what a row is given, and what it is.
import type { RowResult } from './row.ts'

export interface Bench {
  /** Empty, for this row alone; removed afterwards. */
  readonly directory: string
  /** The user's choice, else the row's own. */
  readonly rounds: (usual: number) => number
}

export interface Row {
  readonly name: string
  readonly title: string
  readonly measure: (bench: Bench) => Pick<RowResult, 'figures' | 'claims'>
}
