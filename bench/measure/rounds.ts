// rounds.ts — runs the sides of a comparison in turn, A B A B, so that noise of the machine hits all of them.
import { measured, notRun, type Figure } from './row.ts'

export type Side = { readonly label: string } & (
  | {
      /** Before each run, not timed. */
      readonly prepare: () => void
      /** @returns milliseconds */
      readonly run: () => number
    }
  | { readonly missing: string }
)

/** The figures in the order of the sides. Each round begins with another side than the one before. */
export function interleave(sides: readonly Side[], rounds: number, warmUps = 0): readonly Figure[] {
  const samples = sides.map((): number[] => [])
  for (let round = -warmUps; round < rounds; round++)
    for (let turn = 0; turn < sides.length; turn++) {
      const at = (turn + round + warmUps) % sides.length
      const side = sides[at]
      if (side === undefined || 'missing' in side) continue
      side.prepare()
      const durationMs = side.run()
      if (round >= 0) samples[at]?.push(durationMs)
    }
  return sides.map((side, at) =>
    'missing' in side
      ? notRun(side.label, 'ms', side.missing)
      : measured(side.label, 'ms', samples[at] ?? []),
  )
}
