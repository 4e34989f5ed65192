// log-pipe.ts — a real pipe between a step and this process. Node's own "pipes" are sockets: `echo >/dev/stderr` fails on them.
import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { driverTool } from '../rung/driver-tool.ts'

export interface LogPipe {
  /** For the child's stdout and stderr; closed here once the child has it. */
  readonly writeEnd: number
  readonly readEnd: Socket
  /** Gives the pipe back for another step. Only when the reader has seen the end: a writer left over would mix the logs. */
  release(sawEnd: boolean): void
}

const O_PATH = 0o10000000 // not among node's constants
const idle: number[] = [] // O_PATH descriptors of nameless FIFOs

/** `directory`: where it has a name while it is made. */
export function openLogPipe(directory: string): LogPipe {
  const fifo = idle.pop() ?? makeFifo(join(directory, 'log-pipe'))
  const name = `/proc/self/fd/${fifo}`
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeEnd = openSync(name, constants.O_WRONLY)
  return {
    writeEnd,
    readEnd: new Socket({ fd: readEnd, readable: true, writable: false }),
    release: (sawEnd) => void (sawEnd ? idle.push(fifo) : closeSync(fifo)),
  }
}

function makeFifo(path: string): number {
  execFileSync(driverTool('mkfifo'), ['-m', '600', path])
  const fifo = openSync(path, O_PATH)
  unlinkSync(path)
  return fifo
}
