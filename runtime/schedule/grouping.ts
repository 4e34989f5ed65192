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
  /** What keeping its work trees stores: of a tree in layers what the step itself wrote. */
  readonly keptBytes: number
  /** Trees are kept whole: they stand on no others. */
  readonly isWhole: boolean
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

/**
 * A unit goes on until the work in it is worth more than keeping its result, which keeps what it stands on as well; a step never measured
 * ends one.
 */
function automaticEnds({ chains, escaping, measured }: GroupingInput): ReadonlyMap<number, string> {
  const ends = new Map<number, string>()
  const sinceKept = new Map<string, Measured>()
  for (const [step, chain] of chains) {
    const found = measured(step)
    const { durationMs, keptBytes } = sum(sinceKept.get(chain), found)
    const costMs = KEEP_MS + keptBytes / KEEP_BYTES_PER_MS
    const isWorth = found === undefined || durationMs > costMs * BUILDS_PER_REUSE
    if (isWorth) ends.set(step, found === undefined ? 'not measured yet' : worth(durationMs, costMs))
    if (isWorth || escaping.has(step)) sinceKept.delete(chain)
    else sinceKept.set(chain, { durationMs, keptBytes, isWhole: false })
  }
  return ends
}

function sum(before: Measured | undefined, own: Measured | undefined): Omit<Measured, 'isWhole'> {
  return {
    durationMs: (before?.durationMs ?? 0) + (own?.durationMs ?? 0),
    keptBytes: (own?.isWhole === true ? 0 : (before?.keptBytes ?? 0)) + (own?.keptBytes ?? 0),
  }
}

function worth(workMs: number, costMs: number): string {
  return `saves ${(workMs / 1000).toFixed(1)} s of work for ${(costMs / 1000).toFixed(2)} s`
}
