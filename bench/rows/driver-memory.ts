// driver-memory.ts — the command's own peak of memory while it holds 10,000 planned steps, and that of the process that plans them.
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
    const sample = (label: string, peaks: readonly number[]) => measured(label, 'MB', peaks)
    const cold = rounds.map(() => {
      workspace.emptyHome()
      return workspace.peakMB(['check'])
    })
    const planned = rounds.map(() => workspace.peakMB(['plan']))
    // The first step fails on purpose, and all others wait for it: what is left is the driver with a build's whole graph.
    const built = rounds.map(() => workspace.peakMB(['build'], STEP_FAILED))
    const command = [
      sample(
        'tenon check, cold',
        cold.map((peak) => peak.command),
      ),
      sample(
        'tenon plan',
        planned.map((peak) => peak.command),
      ),
      sample(
        'tenon build',
        built.map((peak) => peak.command),
      ),
    ]
    const planner = sample(
      'the planner of a cold check',
      cold.map((peak) => peak.planner),
    )
    return { figures: [...command, planner], claims: command.map((figure) => atMost(figure, 'MB', MOST_MB)) }
  },
}
