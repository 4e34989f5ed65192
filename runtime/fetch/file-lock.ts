// file-lock.ts — one holder at a time among processes, by a file made with O_EXCL; a dead holder's file is cleared away.
import { readFileSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

export interface FileLock {
  release(): void
}
interface Holder {
  readonly pid: number
  readonly startedAt: string // in clock ticks since boot: tells a reused pid from the holder
  readonly machine: string // where that pid means something
}
const UNWRITTEN_MS = 5_000 // an empty file this old was left by a holder that died between making and writing it

/** Takes the lock, or gives null while another living process has it. */
export function tryLock(file: string): FileLock | null {
  if (create(file)) return { release: () => rmSync(file, { force: true }) }
  if (!isStale(file)) return null
  clearStale(file)
  return create(file) ? { release: () => rmSync(file, { force: true }) } : null
}

/** Waits for the lock; null when `waitMs` passed first. */
export async function waitForLock(file: string, waitMs: number): Promise<FileLock | null> {
  const deadlineMs = performance.now() + waitMs
  for (;;) {
    const lock = tryLock(file)
    if (lock !== null) return lock
    if (performance.now() > deadlineMs) return null
    await sleep(5 + Math.random() * 20)
  }
}

/** For an error: who has the lock. */
export function describeHolder(file: string): string {
  const holder = readHolder(file)
  return holder === null ? 'another process' : `process ${holder.pid}`
}

function create(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(self()), { flag: 'wx' })
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Only who holds `<file>.break` may remove a stale lock, after another look: else a fresh lock could be removed. */
function clearStale(file: string): void {
  const breaker = `${file}.break`
  if (!create(breaker)) {
    if (ageMs(breaker) > UNWRITTEN_MS) rmSync(breaker, { force: true })
    return
  }
  try {
    if (isStale(file)) rmSync(file, { force: true })
  } finally {
    rmSync(breaker, { force: true })
  }
}

function isStale(file: string): boolean {
  const holder = readHolder(file)
  if (holder === null) return ageMs(file) > UNWRITTEN_MS
  return holder.machine === machine() && startOf(holder.pid) !== holder.startedAt
}

function readHolder(file: string): Holder | null {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return isHolder(value) ? value : null
  } catch {
    return null // gone, or not written yet
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    'startedAt' in value &&
    'machine' in value
  )
}

function ageMs(file: string): number {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now())
}

function self(): Holder {
  return { pid: process.pid, startedAt: startOf(process.pid), machine: machine() }
}

/** A pid counts within one boot of one host, in one pid namespace. */
function machine(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    return `${hostname()} ${boot} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)); `-` when there is no such process. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? '-' : (fields[19] ?? '-') // Z, X: dead, not yet buried
  } catch {
    return '-'
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
