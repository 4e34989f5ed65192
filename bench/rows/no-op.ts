// no-op.ts — building what is built already.
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio } from '../measure/row.ts'
import { timed } from '../measure/timed-process.ts'
import { Workspace } from '../measure/workspace.ts'
import { bareChain } from '../peers/bare-chains.ts'
import { nixChain } from '../peers/nix.ts'
import { chainBuildFile } from './chain-project.ts'

const LENGTH = 100

function bareNode(directory: string): Side {
  const options = { cwd: directory, env: { PATH: process.env['PATH'] } }
  const run = (): number => timed(process.execPath, ['-e', '0'], options).durationMs
  return { label: 'node -e 0', prepare: () => undefined, run }
}

function tenonNoOp(directory: string): Side {
  const workspace = new Workspace(directory)
  workspace.write({ 'build.ts': chainBuildFile(LENGTH, 'sh') })
  workspace.build()
  return { label: 'tenon', prepare: () => undefined, run: () => workspace.build().durationMs }
}

export const noOp: Row = {
  name: 'no-op',
  title: `a build of that chain of ${LENGTH} sh steps when nothing has changed`,
  measure: (bench) => {
    const at = (name: string): string => join(bench.directory, name)
    const options = { language: 'sh', fresh: false } as const
    const sides = [
      tenonNoOp(at('tenon')),
      bareNode(bench.directory),
      nixChain(at('nix'), LENGTH, options),
      bareChain('ninja', at('ninja'), LENGTH, options),
      bareChain('make', at('make'), LENGTH, options),
    ] as const
    const figures = interleave(sides, bench.rounds(15), 2)
    const [tenon, ...peers] = figures
    if (tenon === undefined) return { figures, claims: [] }
    // Against bare Node 1.5, against nix-build 1, against the others nothing was promised.
    const targets = [1.5, 1, null, null]
    const claims = peers.map((peer, i) => ratio(tenon, peer, { better: 'lower', target: targets[i] ?? null }))
    return { figures, claims }
  },
}
