// statistics.ts — a middle value and the spread around it. Knows nothing of what was measured.

/** @throws when there is nothing to take the middle of. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  if (upper === undefined || lower === undefined) throw new Error('the median of no samples')
  return (lower + upper) / 2
}

/**
 * How many times larger `of` is than `over`. Samples of the same round are divided by each other, so that what slowed a whole round down
 * cancels out; the middle of these ratios is the result.
 */
export function ratioOf(of: readonly number[], over: readonly number[]): number {
  const paired = over.flatMap((divisor, round) => {
    const value = of[round]
    return value === undefined ? [] : [value / divisor]
  })
  return of.length === over.length ? median(paired) : median(of) / median(over)
}
