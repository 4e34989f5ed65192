// process-name.ts — a name for this process that no later process gets, and whether a named one is gone. Linux (/proc).
import { readFileSync, readlinkSync } from 'node:fs'

let own: string | undefined

/** `<boot>-<process id namespace>-<process id>-<start time>` */
export function processName(): string {
  own ??= `${here()}-${process.pid}-${startTime(process.pid) ?? 0}`
  return own
}

/**
 * Whether the process has ended. Process ids come round again, so the start time must agree as well; a machine that
 * started anew runs none of its old processes. Of a process in another container nothing can be known: it counts as
 * ended when `silentMs`, the time since its last sign, is longer than `patienceMs`.
 */
export function isGone(name: string, silentMs: number, patienceMs: number): boolean {
  const match = /^([0-9a-f]+)-(\d+)-(\d+)-(\d+)$/.exec(name)
  if (match === null) return silentMs > patienceMs
  const [boot, namespace] = here().split('-')
  if (match[1] !== boot) return true
  if (match[2] !== namespace) return silentMs > patienceMs
  return startTime(Number(match[3])) !== match[4]
}

/** Clock ticks from boot; undefined when there is no such process, or only its exit status is left. */
function startTime(pid: number): string | undefined {
  const stat = readOr(() => readFileSync(`/proc/${pid}/stat`, 'latin1'), '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // the program's name in () may hold anything
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19] // field 22 of proc_pid_stat(5)
}

let place: string | undefined
function here(): string {
  if (place === undefined) {
    const boot = readOr(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'), '0')
      .replaceAll('-', '')
      .slice(0, 8)
    const namespace = readOr(() => readlinkSync('/proc/self/ns/pid'), '').replace(/\D/g, '') || '0'
    place = `${boot}-${namespace}`
  }
  return place
}

function readOr(read: () => string, otherwise: string): string {
  try {
    return read()
  } catch {
    return otherwise // ended meanwhile, or /proc is restricted
  }
}
