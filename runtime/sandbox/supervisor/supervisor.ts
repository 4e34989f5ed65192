// supervisor.ts — the supervisor's process as seen from the driver: one for all steps of a build. Which program it is: program.ts.
import { spawn, type ChildProcess } from 'node:child_process'
import { statfsSync } from 'node:fs'
import type { Socket } from 'node:net'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { signalName } from '../process/signal.ts'
import { withStepUmask } from '../process/umask.ts'
import {
  endWaitingMessage,
  killMessage,
  memoryMessage,
  type Reply,
  ReplyReader,
  startMessage,
  type StepStart,
  type SupervisedEnd,
  waitMessage,
} from './message.ts'

interface Running {
  readonly onLog: (bytes: Buffer) => void
  readonly resolve: (end: SupervisedEnd) => void
  readonly reject: (error: Error) => void
}

export interface RunningStep {
  readonly ended: Promise<SupervisedEnd>
  kill(): void
}

/** `steps`: for a build. `terminal`: one step with this process's terminal. `program`: one program on this machine. */
export type SupervisorMode = 'steps' | 'terminal' | 'program'

export class Supervisor {
  readonly #child: ChildProcess
  readonly #socket: Socket
  readonly #running = new Map<number, Running>()
  readonly #reader = new ReplyReader()
  #count = 0 // of what was asked for
  #started = 0
  #foundWaiting = 0
  #said = ''
  #isGone = false

  /** `library`: what makes an interpreter a zygote. */
  constructor(program: string, mode: SupervisorMode, library?: string) {
    const shared = mode === 'steps' ? 'ignore' : 'inherit'
    const stderr = mode === 'steps' ? 'pipe' : 'inherit'
    const start = (): ChildProcess =>
      spawn(program, library === undefined ? [mode] : [mode, library], {
        stdio: [shared, shared, stderr, 'pipe'],
        env: {},
        ...(mode === 'steps' ? { cwd: '/' } : {}),
      })
    this.#child = mode === 'steps' ? withStepUmask(start) : start()
    this.#socket = this.#child.stdio[3] as Socket // a 'pipe' is one
    this.#socket.on('data', (chunk: Buffer) => {
      for (const reply of this.#reader.read(chunk)) this.#take(reply)
    })
    this.#child.stderr?.on(
      'data',
      (chunk: Buffer) => void (this.#said = (this.#said + String(chunk)).slice(-2000)),
    )
    this.#child.on('error', (error) => this.#end(error.message))
    this.#child.on('close', (code, signal) => this.#end(`it ended with ${signal ?? `code ${code}`}`))
    this.#socket.on('error', () => undefined) // its end is seen by 'close'
    this.#wait(false)
  }

  get isGone(): boolean {
    return this.#isGone
  }

  /**
   * `onLog` gets what the step writes, until `ended` resolves; then nothing of the step runs any more. `toWait`: so many rooms of the
   * kind are to wait for steps from now on; a step that takes one leaves one less.
   */
  start(start: StepStart, onLog: (bytes: Buffer) => void, toWait?: number): RunningStep {
    const id = ++this.#count
    this.#started++
    const message = startMessage(id, start)
    // In one write: each wakes the supervisor.
    const all = toWait === undefined ? message : Buffer.concat([message, waitMessage(toWait, start.kind)])
    return {
      ended: this.#ask(id, all, onLog),
      kill: () => void this.#socket.write(killMessage(id)),
    }
  }

  /**
   * A file system in memory over an empty folder. @returns where this process finds it until the supervisor ends; undefined: it can't
   * be had, or not be found
   */
  async memory(directory: string, sizeBytes: number): Promise<string | undefined> {
    const id = ++this.#count
    const { code } = await this.#ask(id, memoryMessage(id, directory, sizeBytes), () => undefined)
    const found = `/proc/${this.#child.pid}/root${directory}`
    return code === 0 && isInMemory(found) ? found : undefined
  }

  #ask(id: number, message: Buffer, onLog: (bytes: Buffer) => void): Promise<SupervisedEnd> {
    const { promise, resolve, reject } = Promise.withResolvers<SupervisedEnd>()
    if (this.#isGone) reject(this.#lost('it has ended'))
    this.#running.set(id, { onLog, resolve, reject })
    this.#wait(true)
    this.#socket.write(message)
    return promise
  }

  /** How many steps were started, and how many of those that ended found a room that had waited for them. */
  get started(): number {
    return this.#started
  }
  get foundWaiting(): number {
    return this.#foundWaiting
  }

  /** No room waits any longer. */
  endWaiting(): void {
    if (!this.#isGone) this.#socket.write(endWaitingMessage())
  }

  /** Ends the process, and with it what it has started. */
  close(): void {
    this.#socket.destroy()
  }

  #take(reply: Reply): void {
    if (reply.kind === 'ready') return
    const step = this.#running.get(reply.id)
    if (reply.kind === 'log') return step?.onLog(reply.bytes)
    this.#running.delete(reply.id)
    if (this.#running.size === 0) this.#wait(false)
    if (reply.wasWaiting) this.#foundWaiting++
    const { reason, leftNoMarks } = reply
    step?.resolve({ reason, leftNoMarks, ...decoded(reply.status) })
  }

  #end(why: string): void {
    this.#isGone = true
    for (const { reject } of this.#running.values()) reject(this.#lost(why))
    this.#running.clear()
  }

  #lost(why: string): CodedError {
    return new CodedError('TN3003', `the supervisor of the steps is gone: ${why}`, {
      details: this.#said.split('\n').filter((line) => line !== ''),
      hint: 'run the command again; --sandbox=bubblewrap or --sandbox=unshare do without it',
    })
  }

  /** While steps run this process waits for them; an idle supervisor keeps nobody from ending. */
  #wait(isWaiting: boolean): void {
    const stderr = this.#child.stderr as Socket | null // a 'pipe' is one
    for (const handle of [this.#child, this.#socket, stderr])
      if (isWaiting) handle?.ref()
      else handle?.unref()
  }
}

const TMPFS_MAGIC = 0x01021994

function isInMemory(path: string): boolean {
  try {
    return statfsSync(path).type === TMPFS_MAGIC
  } catch {
    return false // another process's root may not be looked into here
  }
}

/** WIFEXITED and WIFSIGNALED of wait(2). */
function decoded(status: number): { readonly code: number | null; readonly signal: string | null } {
  const number = status & 0x7f
  if (number === 0) return { code: (status >> 8) & 0xff, signal: null }
  return { code: null, signal: signalName(number) }
}
