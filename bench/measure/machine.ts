// machine.ts — what the figures were measured on and against.
import { realpathSync } from 'node:fs'
import { availableParallelism, cpus, release, totalmem } from 'node:os'
import { basename } from 'node:path'
import { versionOf } from '../peers/installed.ts'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryGB: number
  readonly kernel: string
  readonly node: string
  /** null: not installed. */
  readonly peers: Readonly<Record<string, string | null>>
}

const PEERS = ['nix-build', 'ninja', 'make'] as const

export function thisMachine(): Machine {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    peers: {
      ...Object.fromEntries(PEERS.map((peer) => [peer, versionOf(peer)])),
      sh: basename(realpathSync('/bin/sh')), // few shells tell their version
    },
  }
}
