// installed.ts — which peers this machine has. Starts each once, to ask for its version.
import { spawnSync } from 'node:child_process'

/** null when there is no such command. A shell that knows no --version is still a shell. */
export function versionOf(command: string): string | null {
  const { error, stdout, status } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  if (error !== undefined) return null
  return status === 0 ? (stdout.split('\n')[0] ?? '') : 'version unknown'
}
