// driver-memory.ts — the command's own peak of memory while it holds 10,000 planned steps.
import type { Row } from '../measure/bench.ts'
import { atMost, measured } from '../measure/row.ts'
import { Workspace } from '../measure/workspace.ts'
import { packageSet } from './package-set.ts'

const PACKAGES = 1_000
const STEP_FAILED = 1
const MOST_MB = 150

export const driverMemory: Row = {
  name: 'driver-memory',
  title: 'peak memory of the command with 10,000 planned steps',
  measure: (bench) => {
    const workspace = new Workspace(bench.directory)
    workspace.write(packageSet(PACKAGES))
    const rounds = Array.from({ length: bench.rounds(2) })
    const sample = (label: string, peak: () => number) => measured(label, 'MB', rounds.map(peak))
    const figures = [
      sample('tenon check, cold', () => {
        workspace.emptyHome()
        return workspace.peakMB(['check'])
      }),
      sample('tenon plan', () => workspace.peakMB(['plan'])),
      // The first step fails on purpose, and all others wait for it: what is left is the driver with a build's whole graph.
      sample('tenon build', () => workspace.peakMB(['build'], STEP_FAILED)),
    ]
    return { figures, claims: figures.map((figure) => atMost(figure, 'MB', MOST_MB)) }
  },
}
