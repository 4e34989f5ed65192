// step-chain.ts — 100 tiny steps one after the other, each isolated and stored; what they do costs almost nothing.
import { join } from 'node:path'
import type { Bench, Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { ratio, type Figure, type RowResult } from '../measure/row.ts'
import { Workspace } from '../measure/workspace.ts'
import { bareChain } from '../peers/bare-chains.ts'
import type { ChainLanguage } from '../peers/chain-language.ts'
import { versionOf } from '../peers/installed.ts'
import { nixChain } from '../peers/nix.ts'
import { type BodyLanguage, chainBuildFile } from './chain-project.ts'

const LENGTH = 100

function tenonChain(directory: string, language: BodyLanguage, label = 'tenon'): Side {
  const workspace = new Workspace(directory)
  workspace.write({ 'build.ts': chainBuildFile(LENGTH, language) })
  workspace.build() // loads; probes the sandbox; views the host's tools
  return { label, prepare: () => workspace.emptyStore(), run: () => workspace.build().durationMs }
}

function quickjsChain(directory: string): Side {
  const label = 'tenon, quickjs'
  if (versionOf('qjs') === null) return { label, missing: 'qjs is not installed' }
  return tenonChain(directory, 'quickjs', label)
}

function measure(bench: Bench, language: ChainLanguage, more: (directory: string) => readonly Side[]) {
  const at = (name: string): string => join(bench.directory, name)
  const options = { language, fresh: true }
  const sides = [
    tenonChain(at('tenon'), language),
    ...more(bench.directory),
    ...(['ninja', 'make', 'sh'] as const).map((peer) => bareChain(peer, at(peer), LENGTH, options)),
  ]
  return interleave(sides, bench.rounds(3))
}

export const shChain: Row = {
  name: 'sh-chain',
  title: `a chain of ${LENGTH} steps with sh bodies, each isolated and stored`,
  measure: (bench) => {
    const options = { language: 'sh', fresh: true } as const
    const figures = measure(bench, 'sh', (directory) => [nixChain(join(directory, 'nix'), LENGTH, options)])
    const [tenon, nix, ...bare] = figures
    return { figures, claims: claimsAgainst(tenon, [nix, 10], bare) }
  },
}

export const nodeChain: Row = {
  name: 'node-chain',
  title: `a chain of ${LENGTH} steps with TypeScript bodies, each isolated and stored`,
  measure: (bench) => {
    const nix = (label: string, language: ChainLanguage, folder: string) => (directory: string) =>
      nixChain(join(directory, folder), LENGTH, { label, language, fresh: true })
    const peers = [nix('nix-build, sh', 'sh', 'nix-sh'), nix('nix-build, node', 'node', 'nix-node')]
    const figures = measure(bench, 'node', (directory) => [
      quickjsChain(join(directory, 'tenon-quickjs')),
      ...peers.map((peer) => peer(directory)),
    ])
    const [tenon, quickjs, nixSh, ...others] = figures
    const claims = claimsAgainst(tenon, [nixSh, 2], others)
    const isKnown = nixSh !== undefined && quickjs !== undefined
    const quick = isKnown ? [ratio(nixSh, quickjs, { better: 'higher', target: 8 })] : []
    return { figures, claims: [...claims, ...quick] }
  },
}

function claimsAgainst(
  tenon: Figure | undefined,
  [nix, target]: readonly [Figure | undefined, number],
  others: readonly Figure[],
): RowResult['claims'] {
  if (tenon === undefined || nix === undefined) return []
  return [
    ratio(nix, tenon, { better: 'higher', target }),
    ...others.map((other) => ratio(other, tenon, { better: 'higher', target: null })),
  ]
}
