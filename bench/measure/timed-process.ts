// timed-process.ts — runs a command to its end and says how long it took, from start to exit.
import { spawnSync } from 'node:child_process'

export interface Ran {
  readonly durationMs: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** The exit code without which the measurement means nothing; 0 by default. */
  readonly exitCode?: number
}

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024

/** @throws when the command can't be started or ends otherwise than expected. */
export function timed(command: string, args: readonly string[], { cwd, env, exitCode = 0 }: RunOptions): Ran {
  const startedAtMs = performance.now()
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: MAX_OUTPUT_BYTES,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const durationMs = performance.now() - startedAtMs
  if (error !== undefined) throw error
  if (status !== exitCode)
    throw new Error(
      `${[command, ...args].join(' ')} ended with ${signal ?? status}, not ${exitCode}:\n${(stderr + stdout).slice(-2000)}`,
    )
  return { durationMs, stdout, stderr }
}
