// full-file-system.ts — tells that a file system has no room, and which one. Frees nothing. Linux (/proc).
import { existsSync, readFileSync, realpathSync, statfsSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'

const HINT =
  'Free some space there: tenon store gc removes what no result needs. Or point TENON_HOME to another file system. Nothing half-written was kept.'

/** The error TN5002, when `error` or a cause of it says that there is no room; `place` is where, unless it says so itself. */
export function noRoom(error: unknown, place: string): CodedError | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, dest, path } = error as NodeJS.ErrnoException & { readonly dest?: string } // fields that others lack
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return noRoom(error.cause, place)
  const named = [dest, path].find((each) => each !== undefined && isAbsolute(each)) ?? place
  return full(named, error.message, error)
}

const LITTLE_BYTES = 64 * 1024

/** The error TN5002, when next to nothing can be written at `place`: what went wrong there, went wrong for that. */
export function noRoomNow(place: string, whatFailed: Error): CodedError | undefined {
  const { bavail, bsize, files, ffree } = statfsSync(place)
  if (bavail * bsize >= LITTLE_BYTES && (files === 0 || ffree > 0)) return undefined
  return full(place, whatFailed.message, whatFailed)
}

function full(place: string, detail: string, cause: Error): CodedError {
  return new CodedError('TN5002', `the file system at ${mountPoint(place)} is full`, {
    details: [detail],
    hint: HINT,
    cause,
  })
}

/** Of the file system that holds `path`, or would. */
function mountPoint(path: string): string {
  let existing = path
  while (!existsSync(existing)) existing = dirname(existing)
  const real = realpathSync(existing)
  const points = mountPoints().filter(
    (point) => point === '/' || real === point || real.startsWith(`${point}/`),
  )
  return points.toSorted((a, b) => b.length - a.length)[0] ?? real
}

function mountPoints(): readonly string[] {
  try {
    const lines = readFileSync('/proc/self/mountinfo', 'utf8').split('\n')
    return lines.flatMap((line) => line.split(' ')[4] ?? []).map(unescape) // field 5 of proc_pid_mountinfo(5)
  } catch {
    return [] // /proc is restricted: then the path itself is named
  }
}

/** `\040` is a space. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)))
}
