// log-pipe.ts — a real pipe between a step and this process. Node's own "pipes" are sockets: `echo >/dev/stderr` fails on them.
import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
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

export function openLogPipe(): LogPipe {
  const fifo = idle.pop() ?? makeFifo()
  const name = `/proc/self/fd/${fifo}`
  const readEnd = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK)
  const writeEnd = openSync(name, constants.O_WRONLY)
  return {
    writeEnd,
    readEnd: new Socket({ fd: readEnd, readable: true, writable: false }),
    release: (sawEnd) => void (sawEnd ? idle.push(fifo) : closeSync(fifo)),
  }
}

function makeFifo(): number {
  const directory = mkdtempSync(join(tmpdir(), 'tenon-log-'))
  try {
    const path = join(directory, 'pipe')
    execFileSync(driverTool('mkfifo'), ['-m', '600', path])
    return openSync(path, O_PATH)
  } finally {
    rmSync(directory, { recursive: true })
  }
}
