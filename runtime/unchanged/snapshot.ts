// snapshot.ts — all that a finished build rests on and what it printed, so that the same command can see at once that nothing changed.
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs'
import { dirname, join } from 'node:path'

// This file is all that an unchanged build loads: it imports nothing of the project.

/** Raised whenever the fields below change their meaning. */
const FORMAT = 1
/** Kernels stamp files by a clock that ticks this coarsely: a younger file may change without changing its times. */
const CLOCK_TICK_MS = 40

export interface Snapshot {
  /** The command that this is about: its words and where it was given. */
  readonly invocation: readonly string[]
  /** Files and directories as they were: path and trait; an empty trait says that nothing was there. */
  readonly inputs: readonly (readonly [path: string, trait: string])[]
  /** What must be there; it never changes. */
  readonly objects: readonly string[]
  readonly links: readonly (readonly [path: string, target: string])[]
  readonly stdout: string
  readonly stderr: string
}

/** The snapshot of this very command, when all is as it was. Reads one file and looks at the status of those it names. */
export function unchanged(home: string, invocation: readonly string[]): Snapshot | undefined {
  const found = read(fileOf(home, invocation))
  if (found === undefined || found.invocation.join('\0') !== invocation.join('\0')) return undefined
  return found.inputs.every(([path, trait]) => traitOf(path) === trait) &&
    found.objects.every((path) => status(path) !== undefined) &&
    found.links.every(([path, target]) => targetOf(path) === target)
    ? found
    : undefined
}

/** Writes nothing when an input is so young that it may change unseen, or when it can't: the next build just takes longer. */
export function takeSnapshot(
  home: string,
  invocation: readonly string[],
  seen: {
    readonly inputs: Iterable<string>
    readonly objects: readonly string[]
    readonly links: readonly string[]
  },
  printed: { readonly stdout: string; readonly stderr: string },
): void {
  const inputs: (readonly [string, string])[] = []
  const nowMs = Date.now()
  for (const path of new Set(seen.inputs)) {
    const stat = status(path)
    if (stat !== undefined && stat.ctimeMs > nowMs - CLOCK_TICK_MS) return
    inputs.push([path, traitOf(path)])
  }
  const links = seen.links.map((path) => [path, targetOf(path)] as const)
  const snapshot: Snapshot = { invocation, inputs, objects: seen.objects, links, ...printed }
  const file = fileOf(home, invocation)
  const fresh = `${file}.${process.pid}`
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(fresh, JSON.stringify({ format: FORMAT, ...snapshot }))
    renameSync(fresh, file)
  } catch {
    rmSync(fresh, { force: true })
  }
}

function read(file: string): Snapshot | undefined {
  try {
    const found = JSON.parse(readFileSync(file, 'utf8')) as Snapshot & { readonly format: number } // only takeSnapshot writes it
    return found.format === FORMAT ? found : undefined
  } catch {
    return undefined
  }
}

/** Of a link, and of what it leads to. */
function traitOf(path: string): string {
  const stat = status(path)
  if (stat === undefined) return ''
  if (!stat.isSymbolicLink()) return trait(stat)
  const target = statSync(path, { throwIfNoEntry: false })
  return `${trait(stat)}>${target === undefined ? '' : trait(target)}`
}

/** Undefined when nothing is there, or nothing that could be: a file stands where a directory was looked for. */
function status(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function trait(stat: Stats): string {
  return `${stat.size}:${stat.mtimeMs}:${stat.ctimeMs}:${stat.ino}`
}

function targetOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

/** What makes two calls of the command the same call. */
export function invocationOf(words: readonly string[]): readonly string[] {
  return [process.cwd(), process.execPath, process.argv[1] ?? '', ...words]
}

/** A name for the invocation; equal names are told apart by what the file says. */
function fileOf(home: string, invocation: readonly string[]): string {
  let hash = 0x811c9dc5 // FNV-1a: a cryptographic hash would take longer to load than to use
  for (const unit of invocation.join('\0')) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 0x01000193)
  return join(home, 'cache', 'unchanged', `${(hash >>> 0).toString(16)}.json`)
}
