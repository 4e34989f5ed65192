// log-tail.ts — the last lines of a step's log, however long the log is.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const TAIL_BYTES = 16_384
const TAIL_LINES = 20

/** null when there is no log. */
export function readLogTail(
  file: string,
): { readonly file: string; readonly tail: readonly string[] } | null {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch {
    return null
  }
  try {
    const { size } = fstatSync(fd)
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES))
    readSync(fd, bytes, 0, bytes.length, size - bytes.length)
    const lines = bytes.toString('utf8').split('\n')
    if (lines.at(-1) === '') lines.pop()
    if (size > TAIL_BYTES) lines.shift() // begins in the middle of a line
    return { file, tail: lines.slice(-TAIL_LINES) }
  } finally {
    closeSync(fd)
  }
}
