// nix.ts — a chain of derivations for nix-build, each in Nix's own sandbox, in a store of its own. Needs no nixpkgs and no network.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Side } from '../measure/rounds.ts'
import { settle } from '../measure/settle.ts'
import { timed, type RunOptions } from '../measure/timed-process.ts'
import { programFiles, stepCommand, type ChainLanguage } from './chain-language.ts'
import { versionOf } from './installed.ts'

function expression(length: number, language: ChainLanguage): string {
  const list = (words: readonly string[]): string =>
    `[ ${words.map((word) => `''${word.replaceAll('$', "''$").replaceAll('FROM', '${step (i - 1)}')}''`).join(' ')} ]`
  const to = language === 'sh' ? '$out' : 'OUT'
  const words = (from: string | null): readonly string[] =>
    stepCommand(language, from, to)
      .slice(1)
      .map((word) => word.replace('"OUT"', 'process.env.out'))
  const builder = stepCommand(language, null, to)[0] ?? ''
  return `let step = i: derivation {
    name = "s\${toString i}"; system = builtins.currentSystem; builder = "${builder}";
    args = if i == 0 then ${list(words(null))} else ${list(words('FROM'))};
  };
in step ${length - 1}
`
}

/** `fresh`: an empty store for each run; else the chain is built once and then found. */
export function nixChain(
  directory: string,
  length: number,
  options: { readonly label?: string; readonly language: ChainLanguage; readonly fresh: boolean },
): Side {
  const { label = 'nix-build', language, fresh } = options
  if (versionOf('nix-build') === null) return { label, missing: 'nix-build is not installed' }
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'chain.nix'), expression(length, language))
  const store = join(directory, 'store')
  const run: RunOptions = { cwd: directory, env: { PATH: process.env['PATH'], HOME: directory } }
  const settings = {
    sandbox: 'true',
    'sandbox-fallback': 'false',
    'sandbox-paths': programFiles(language).join(' '),
    'build-users-group': '',
    substitute: 'false',
    'max-jobs': '1',
  }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['--option', name, value])
  const build = () => timed('nix-build', ['--store', store, ...flags, 'chain.nix', '-o', 'result'], run)
  const clear = (): void => {
    execFileSync('sh', ['-c', 'test ! -e "$0" || chmod -R u+w "$0"', store])
    rmSync(store, { recursive: true, force: true })
    timed('nix-store', ['--store', store, '--init'], run)
  }
  const why = whyNot(clear, build)
  if (why !== null) return { label, missing: `nix-build does not work here: ${why}` }
  const prepare = (): void => {
    clear()
    settle()
  }
  return { label, prepare: fresh ? prepare : () => undefined, run: () => build().durationMs }
}

function whyNot(clear: () => void, build: () => unknown): string | null {
  try {
    clear()
    build()
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(-300) : String(error)
  }
}
