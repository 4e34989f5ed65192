// bare-chains.ts — the chain as ninja, make and a plain shell run it: one process a step, nothing isolated, nothing stored.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '../measure/rounds.ts'
import { timed } from '../measure/timed-process.ts'
import { stepCommand, type ChainLanguage } from './chain-language.ts'
import { versionOf } from './installed.ts'

export type BarePeer = 'ninja' | 'make' | 'sh'

interface BareStep {
  readonly from: string | null
  readonly to: string
  /** A line of shell that starts one process. */
  readonly process: string
  /** A line for a program that starts a process for each line. */
  readonly line: string
}

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`

function stepsOf(length: number, language: ChainLanguage): readonly BareStep[] {
  return Array.from({ length }, (_, i) => {
    const [from, to] = [i === 0 ? null : `out/s${i - 1}`, `out/s${i}`]
    const words = stepCommand(language, from, to)
    const process = words.map(quoted).join(' ')
    return { from, to, process, line: language === 'sh' ? (words.at(-1) ?? '') : process }
  })
}

const dollars = (text: string): string => text.replaceAll('$', '$$$$')

const FILES: Readonly<
  Record<BarePeer, { readonly name: string; text: (steps: readonly BareStep[]) => string }>
> = {
  ninja: {
    name: 'build.ninja',
    text: (steps) =>
      'rule step\n  command = $text\n' +
      steps
        .map(({ from, to, line }) => `build ${to}: step ${from ?? ''}\n  text = ${dollars(line)}\n`)
        .join(''),
  },
  make: {
    name: 'Makefile',
    text: (steps) =>
      `all: ${steps.at(-1)?.to}\n` +
      steps.map(({ from, to, line }) => `${to}: ${from ?? ''}\n\t@${dollars(line)}\n`).join(''),
  },
  sh: { name: 'chain.sh', text: (steps) => `set -e\n${steps.map(({ process }) => `${process}\n`).join('')}` },
}
const ARGUMENTS: Readonly<Record<BarePeer, readonly string[]>> = { ninja: [], make: [], sh: ['chain.sh'] }

/** `fresh`: nothing is made yet at each run; else everything is. */
export function bareChain(
  peer: BarePeer,
  directory: string,
  length: number,
  { language, fresh }: { readonly language: ChainLanguage; readonly fresh: boolean },
): Side {
  if (versionOf(peer) === null) return { label: peer, missing: `${peer} is not installed` }
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, FILES[peer].name), FILES[peer].text(stepsOf(length, language)))
  const clear = (): void => {
    for (const made of ['out', '.ninja_log', '.ninja_deps'])
      rmSync(join(directory, made), { recursive: true, force: true })
    mkdirSync(join(directory, 'out'))
  }
  const run = (): number =>
    timed(peer, ARGUMENTS[peer], { cwd: directory, env: { PATH: process.env['PATH'] } }).durationMs
  clear()
  run()
  return { label: peer, prepare: fresh ? clear : () => undefined, run }
}
