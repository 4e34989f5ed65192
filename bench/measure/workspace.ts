// workspace.ts — a user's project with a store of its own, and the command as users start it.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { settle } from './settle.ts'
import { timed, type Ran, type RunOptions } from './timed-process.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const COMMAND = join(ROOT, 'dist', 'tenon')
const PATH = `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`

export interface PeakMB {
  readonly command: number
  readonly planner: number
}

export class Workspace {
  readonly directory: string
  readonly home: string

  constructor(base: string) {
    this.directory = join(base, 'project')
    this.home = join(base, 'home')
    const modules = join(this.directory, 'node_modules')
    mkdirSync(modules, { recursive: true })
    symlinkSync(ROOT, join(modules, 'tenon'))
    for (const name of ['zod', '@types']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
    this.write({ 'package.json': '{ "name": "bench", "type": "module" }' })
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.directory, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text)
    }
  }

  /** An empty store; what was loaded (plans, bodies, views of host tools) is kept, for rows that are about steps. */
  emptyStore(): void {
    this.#remove((name) => name !== 'cache')
    settle()
  }

  emptyHome(): void {
    this.#remove(() => true)
  }

  #remove(chosen: (name: string) => boolean): void {
    mkdirSync(this.home, { recursive: true })
    execFileSync('chmod', ['-R', 'u+w', this.home]) // stored folders are read-only, also for their owner
    for (const name of readdirSync(this.home))
      if (chosen(name)) rmSync(join(this.home, name), { recursive: true, force: true })
  }

  tenon(args: readonly string[], exitCode = 0): Ran {
    return timed(COMMAND, args, this.#options({}, exitCode))
  }

  /** Every step isolated and stored by itself. */
  build(args: readonly string[] = []): Ran {
    return this.tenon(['build', ...args, ...this.#splitFlags()])
  }

  /** Peaks of resident memory: of the command itself, and of the process that plans for it (0: it started none). */
  peakMB(args: readonly string[], exitCode = 0): PeakMB {
    const directory = join(dirname(this.home), 'peaks')
    rmSync(directory, { recursive: true, force: true })
    mkdirSync(directory)
    const preload = join(import.meta.dirname, 'peak-memory.cjs')
    const extra = { BENCH_PEAKS: directory, NODE_OPTIONS: `--require ${preload}` }
    timed(COMMAND, args, this.#options(extra, exitCode))
    const peakOf = (program: string): number => {
      const file = join(directory, program)
      return existsSync(file) ? Number(readFileSync(file, 'utf8')) / 1024 : 0
    }
    return { command: peakOf('tenon.cjs'), planner: peakOf('tenon-planner.cjs') }
  }

  #options(extra: NodeJS.ProcessEnv, exitCode: number): RunOptions {
    const home = dirname(this.home)
    return {
      cwd: this.directory,
      env: { PATH, HOME: home, TENON_HOME: this.home, NO_COLOR: '1', ...extra },
      exitCode,
    }
  }

  #knowsGranularity: boolean | undefined
  #splitFlags(): readonly string[] {
    this.#knowsGranularity ??= this.tenon(['build', '--help']).stdout.includes('--granularity')
    return this.#knowsGranularity ? ['--granularity', 'split'] : []
  }
}
