// supervise.ts — one child process from start to end: its log, its limits, the end of its whole tree. Knows nothing of steps.
import { closeSync } from 'node:fs'
import { once } from 'node:events'
import { NEVER_INHERITED } from '../environment.ts'
import type { HostCommand } from '../rung/rung.ts'
import { openLogPipe } from './log-pipe.ts'
import { LogSink } from './log-sink.ts'
import { withStepUmask } from './umask.ts'

export interface Supervised extends HostCommand {
  readonly environment: Readonly<Record<string, string>>
  readonly directory: string
  /** For files of the driver's own; it goes with the step. */
  readonly control: string
  readonly logFile: string
  readonly maxLogBytes: number
  readonly onLine: (line: string) => void
  readonly timeoutMs: number
  readonly signal: AbortSignal
  /** A file descriptor that the child gets as its fourth. */
  readonly descriptor?: number
  /** Kills what can be killed of the tree below `pid`; called again and again until `pid` has ended. */
  readonly killTree: (pid: number) => void
  /** Called once `pid` has ended: resolves when nothing of its tree runs any more. */
  readonly awaitTree: (pid: number) => Promise<void>
}

export type Stop = 'timed-out' | 'log-too-large' | 'cancelled'
export interface Ended {
  /** Why it was killed from here; null when it ended by itself. */
  readonly stop: Stop | null
  readonly code: number | null
  readonly signal: string | null
}

const MAX_TIMER_MS = 2 ** 31 - 1
const KILL_INTERVAL_MS = 10
const LOG_PATIENCE_MS = 2000

export async function supervise(command: Supervised): Promise<Ended> {
  if (command.signal.aborted) return { stop: 'cancelled', code: null, signal: null }
  const { execa } = await import('execa') // not loaded when all is found in the store
  const sink = new LogSink(command.logFile, command.maxLogBytes, command.onLine)
  const pipe = openLogPipe(command.control)
  const extra = command.descriptor === undefined ? [] : [descriptor(command.descriptor)]
  const child = withStepUmask(() =>
    execa(command.file, command.args, {
      // A session of its own: Ctrl-C in the terminal reaches Tenon alone, which then decides.
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
      extendEnv: false,
      env: { ...command.environment, ...NEVER_INHERITED },
      cwd: command.directory,
      stdio: ['ignore', descriptor(pipe.writeEnd), descriptor(pipe.writeEnd), ...extra],
    }),
  )
  closeSync(pipe.writeEnd)
  const killing = new Killing(() => child.pid !== undefined && command.killTree(child.pid))
  const isEnded = (): boolean => true
  const logEnd = once(pipe.readEnd, 'close').then(isEnded, isEnded)
  pipe.readEnd.on('data', (chunk: Buffer) => {
    if (!sink.write(chunk)) killing.start('log-too-large')
  })
  const cancel = (): void => killing.start('cancelled')
  command.signal.addEventListener('abort', cancel)
  const timer = setTimeout(() => killing.start('timed-out'), Math.min(command.timeoutMs, MAX_TIMER_MS))
  try {
    const result = await child
    killing.end()
    if (child.pid === undefined) throw result.cause ?? new Error(`${command.file} could not be started`)
    await command.awaitTree(child.pid)
    const sawEnd = await Promise.race([logEnd, waitMs(LOG_PATIENCE_MS).then(() => false)])
    pipe.release(sawEnd)
    return { stop: killing.why, code: result.exitCode ?? null, signal: result.signal ?? null }
  } finally {
    clearTimeout(timer)
    command.signal.removeEventListener('abort', cancel)
    killing.end()
    pipe.readEnd.destroy()
    sink.close()
  }
}

function descriptor(number: number): 3 {
  return number as 3 // execa takes any open descriptor; its type names the first few only
}

/** Kills until told that it worked; the first reason counts. */
class Killing {
  why: Stop | null = null
  readonly #kill: () => void
  #timer: NodeJS.Timeout | undefined
  #ended = false
  constructor(kill: () => void) {
    this.#kill = kill
  }
  start(why: Stop): void {
    if (this.why !== null || this.#ended) return
    this.why = why
    this.#kill()
    this.#timer = setInterval(this.#kill, KILL_INTERVAL_MS)
  }
  end(): void {
    this.#ended = true
    clearInterval(this.#timer)
  }
}

function waitMs(duration: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, duration).unref())
}
