// planning.ts — from sources to a plan, for 1,000 and 2,000 packages of 10 steps each; and after an edit.
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio } from '../measure/row.ts'
import { Workspace } from '../measure/workspace.ts'
import { packageFile, packageSet } from './package-set.ts'

const COUNT = 1_000
const EDITED = 700 // nothing depends on it: 2 × 700 > 1,000

const withSet = (directory: string, count: number): Workspace => {
  const workspace = new Workspace(directory)
  workspace.write(packageSet(count))
  return workspace
}
const check = (workspace: Workspace) => (): number => workspace.tenon(['check']).durationMs

function cold(label: string, directory: string, count: number): Side {
  const workspace = withSet(directory, count)
  return { label, prepare: () => workspace.emptyHome(), run: check(workspace) }
}

/** `edits`: one package is another one at each run. */
function warm(label: string, directory: string, edits: boolean): Side {
  const workspace = withSet(directory, COUNT)
  workspace.tenon(['check'])
  let edit = 0
  const prepare = (): void => {
    if (edits) workspace.write(packageFile(EDITED, ` ${edit++}`))
  }
  return { label, prepare, run: check(workspace) }
}

export const planning: Row = {
  name: 'planning',
  title: 'types and plan of packages of 10 steps, each package in its own file (tenon check)',
  measure: (bench) => {
    const at = (name: string): string => join(bench.directory, name)
    const figures = interleave(
      [
        cold('1,000 packages, cold', at('one'), COUNT),
        cold('2,000 packages, cold', at('two'), 2 * COUNT),
        warm('1,000, one edited', at('edited'), true),
        warm('1,000, unchanged', at('same'), false),
      ],
      bench.rounds(2),
    )
    const [one, two, edited] = figures
    if (!one || !two || !edited) return { figures, claims: [] }
    return {
      figures,
      claims: [
        ratio(two, one, { better: 'lower', target: 2.2 }),
        ratio(edited, one, { better: 'lower', target: null }),
      ],
    }
  },
}
