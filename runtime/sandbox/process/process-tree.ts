// process-tree.ts — finding processes in /proc and ending them. Knows nothing of steps.
import { readdirSync, readFileSync } from 'node:fs'

export function childrenOf(pid: number): readonly number[] {
  const listed = read(`/proc/${pid}/task/${pid}/children`)
  if (listed !== undefined) return listed.split(' ').filter(Boolean).map(Number)
  return allProcesses().filter((other) => parentOf(other) === pid)
}

/** Processes with `text` in their environment: the trace that a step without namespaces leaves, even in daemons. */
export function processesMarked(text: string): readonly number[] {
  return allProcesses().filter(
    (pid) => pid !== process.pid && read(`/proc/${pid}/environ`)?.includes(text) === true,
  )
}

export function kill(pid: number): void {
  send(pid, 'SIGKILL')
}

/** For a process that then ends what it has started. */
export function end(pid: number): void {
  send(pid, 'SIGTERM')
}

function send(pid: number, signal: 'SIGKILL' | 'SIGTERM'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it has ended meanwhile
  }
}

/** A zombie counts: the first process of a namespace becomes one only after all others in it are gone. */
export function hasEnded(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`)
  return stat === undefined || /\) [ZX] /.test(stat)
}

function allProcesses(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function parentOf(pid: number): number | undefined {
  // "pid (name) state parent …"; the name may hold anything, parentheses too
  const parent = read(`/proc/${pid}/stat`)?.match(/.*\) \S (\d+)/s)?.[1]
  return parent === undefined ? undefined : Number(parent)
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
}
