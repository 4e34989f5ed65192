// snapshot.ts — what a finished build rests on and what it printed, written for unchanged.c, which answers the same command when nothing changed.
import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs'
import { dirname, join } from 'node:path'

/** Raised whenever the fields below change their meaning. */
const FORMAT = 'tenon-unchanged 2'
/** Kernels stamp files by a clock that ticks this coarsely: a younger file may change without changing its times. */
const CLOCK_TICK_NS = 40_000_000n

export interface Seen {
  /** Files and directories that the build rests on; they need not exist. */
  readonly inputs: Iterable<string>
  /** What must be there; it never changes. */
  readonly objects: readonly string[]
  /** Must lead where they lead now. */
  readonly links: readonly string[]
}
export interface Printed {
  readonly stdout: string
  readonly stderr: string
}

/** Writes nothing when an input is so young that it may change unseen, or when it can't: the next build just takes longer. */
export function takeSnapshot(
  home: string,
  invocation: readonly string[],
  seen: Seen,
  printed: Printed,
): void {
  const inputs: string[] = []
  const nowNs = BigInt(Date.now()) * 1_000_000n
  for (const path of new Set(seen.inputs)) {
    const stat = status(path)
    if (stat !== undefined && stat.ctimeNs > nowNs - CLOCK_TICK_NS) return
    inputs.push(path, traitOf(path))
  }
  const links = seen.links.flatMap((path) => [path, readlinkSync(path)])
  const fields = [
    [FORMAT, String(invocation.length)],
    invocation,
    [String(inputs.length / 2)],
    inputs,
    [String(seen.objects.length)],
    seen.objects,
    [String(links.length / 2)],
    links,
    [printed.stdout, printed.stderr],
  ].flat()
  if (fields.some(isUnspeakable)) return
  write(fileOf(home, invocation), fields.map((field) => `${field}\0`).join(''))
}

/** A field ends with NUL; a name that is not UTF-8 is not the one that Node shows. */
function isUnspeakable(field: string): boolean {
  return field.includes('\0') || field.includes('\uFFFD')
}

function write(file: string, text: string): void {
  const fresh = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(fresh, text)
    renameSync(fresh, file)
  } catch {
    rmSync(fresh, { force: true })
  }
}

/** Of a link, and of what it leads to; empty when nothing is there. */
function traitOf(path: string): string {
  const stat = status(path)
  if (stat === undefined) return ''
  if (!stat.isSymbolicLink()) return trait(stat)
  const target = statSync(path, { throwIfNoEntry: false, bigint: true })
  return `${trait(stat)}>${target === undefined ? '' : trait(target)}`
}

/** Undefined when nothing is there, or nothing that could be: a file stands where a directory was looked for. */
function status(path: string): BigIntStats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false, bigint: true })
  } catch {
    return undefined
  }
}

function trait(stat: BigIntStats): string {
  return `${stat.size}:${stat.mtimeNs}:${stat.ctimeNs}:${stat.ino}`
}

/** What makes two calls of the command the same call; `tenon`: the folder of the command. */
export function invocationOf(tenon: string, words: readonly string[]): readonly string[] {
  return [process.cwd(), process.execPath, tenon, ...words]
}

/** A name for the invocation; equal names are told apart by what the file says. */
function fileOf(home: string, invocation: readonly string[]): string {
  let hash = 0x811c9dc5 // FNV-1a
  for (const byte of Buffer.from(invocation.join('\0'))) hash = Math.imul(hash ^ byte, 0x01000193)
  return join(home, 'cache', 'unchanged', (hash >>> 0).toString(16))
}
