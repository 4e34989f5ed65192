// nearest.ts — what a mistyped word may have meant.

/** Damerau-Levenshtein distance (optimal string alignment): insertions, deletions, changes, swaps of neighbours. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Infinity
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const changed = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      row.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, changed, swapped))
    }
  }
  return at(a.length, b.length)
}

/** The candidate that `word` most likely is a typing error of; undefined when none is near. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const distance = editDistance(wanted, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The hint for an unknown name: the nearest one, else all there are. `shown` says how a name is written. */
export function nameHint(
  word: string,
  candidates: readonly string[],
  shown = (name: string): string => name,
): string {
  const near = nearest(word, candidates)
  if (near !== undefined) return `Did you mean ${shown(near)}?`
  if (candidates.length === 0) return 'There are none.'
  return `There ${candidates.length === 1 ? 'is' : 'are'}: ${candidates.map(shown).join(', ')}.`
}
