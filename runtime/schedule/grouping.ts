// grouping.ts — granularity: which consecutive steps of a chain are one unit. Only the last step of a unit keeps its work trees.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import type { PlannedChainStep } from '../../dsl/plan/plan.ts'

export type Granularity =
  /** Every step by itself. */
  | { readonly kind: 'split' }
  /** A chain is one unit. */
  | { readonly kind: 'fused' }
  /** Units end where keeping is expected to save more than it costs. */
  | { readonly kind: 'auto' }
  /** Units of the target's chain end after these steps; elsewhere as with auto. */
  | { readonly kind: 'list'; readonly after: readonly string[] }

/** `fused`, `split`, `auto`, or names of steps after which a unit ends: `unpack,configure`. */
export function parseGranularity(text: string): Granularity {
  if (text === 'split' || text === 'fused' || text === 'auto') return { kind: text }
  return { kind: 'list', after: text.split(',').filter((name) => name !== '') }
}

/** What an earlier run of a step measured. */
export interface Measured {
  readonly durationMs: number
  /** Of the work trees that keeping it would store. */
  readonly contentBytes: number
}

export interface Grouping {
  readonly keeps: (step: number) => boolean
  /** In words, for `tenon plan`; null for a step whose unit goes on. */
  readonly why: (step: number) => string | null
}

/** What storing costs: a fixed part, and its bytes. Measured on ext4; an estimate is enough here. */
const KEEP_MS = 5
const KEEP_BYTES_PER_MS = 200_000
/** A result is worth keeping when it is expected to be needed once in so many builds. */
const BUILDS_PER_REUSE = 4

export interface GroupingInput {
  readonly granularity: Granularity
  /** Of the target's chain, in order. */
  readonly steps: readonly PlannedChainStep[]
  /** Steps whose results are asked for outside of their chain. */
  readonly escaping: ReadonlySet<number>
  /** All steps of the build, in order, with the chain of each. */
  readonly chains: ReadonlyMap<number, string>
  readonly measured: (step: number) => Measured | undefined
}

/** @throws CodedError TN6110 for a name in the list that is no step of the chain. */
export function grouping(input: GroupingInput): Grouping {
  const { granularity, steps, escaping } = input
  const automatic = automaticEnds(input)
  const listed = new Set(granularity.kind === 'list' ? listedEnds(granularity.after, steps) : [])
  const own = new Set(steps.map(({ step }) => step))
  const why = (step: number): string | null => {
    if (escaping.has(step)) return 'asked for'
    switch (granularity.kind) {
      case 'split':
        return 'split'
      case 'fused':
        return null
      case 'auto':
        return automatic.get(step) ?? null
      case 'list':
        return own.has(step) ? (listed.has(step) ? 'listed' : null) : (automatic.get(step) ?? null)
    }
  }
  return { why, keeps: (step) => why(step) !== null }
}

function listedEnds(names: readonly string[], steps: readonly PlannedChainStep[]): readonly number[] {
  return names.map((name) => {
    const found = steps.find((step) => step.name === name)
    if (found !== undefined) return found.step
    throw new CodedError('TN6110', `--granularity names '${name}', which is no step of the chain`, {
      hint: `Its steps: ${steps.map((step) => step.name).join(', ')}. Or say fused, split or auto.`,
    })
  })
}

/** A unit goes on until the work in it is worth more than keeping its result; a step never measured ends one. */
function automaticEnds({ chains, measured }: GroupingInput): ReadonlyMap<number, string> {
  const ends = new Map<number, string>()
  const sinceKeptMs = new Map<string, number>()
  for (const [step, chain] of chains) {
    const found = measured(step)
    const workMs = (sinceKeptMs.get(chain) ?? 0) + (found?.durationMs ?? 0)
    const costMs = KEEP_MS + (found?.contentBytes ?? 0) / KEEP_BYTES_PER_MS
    const isWorth = found === undefined || workMs > costMs * BUILDS_PER_REUSE
    if (isWorth) ends.set(step, found === undefined ? 'not measured yet' : worth(workMs, costMs))
    sinceKeptMs.set(chain, isWorth ? 0 : workMs)
  }
  return ends
}

function worth(workMs: number, costMs: number): string {
  return `saves ${(workMs / 1000).toFixed(1)} s of work for ${(costMs / 1000).toFixed(2)} s`
}
