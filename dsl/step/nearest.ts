// nearest.ts — "did you mean": the known word nearest to an unknown one.

/** A hint that names the nearest of `known`, and all of them when none is near. */
export function nearest(word: string, known: readonly string[]): string {
  const best = known
    .map((candidate) => ({ candidate, distance: distance(word, candidate) }))
    .toSorted((a, b) => a.distance - b.distance)[0]
  if (best === undefined) return 'There are none to choose from.'
  if (best.distance <= Math.max(1, word.length / 3)) return `Did you mean '${best.candidate}'?`
  return `Known: ${known.join(', ')}.`
}

/** Levenshtein, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
