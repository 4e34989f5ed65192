// log-sink.ts — a step's output: bytes to the log file up to a limit, lines to whoever watches.
import { closeSync, existsSync, openSync, rmSync, writeSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const MAX_LINE_LENGTH = 4096

export class LogSink {
  readonly #file: string
  #descriptor: number | undefined
  readonly #maxBytes: number
  readonly #onLine: (line: string) => void
  #decoder: StringDecoder | undefined // most steps write nothing
  #bytes = 0
  #line = ''

  /** The file is made with the first byte; one of an earlier run goes now. */
  constructor(file: string, maxBytes: number, onLine: (line: string) => void) {
    if (existsSync(file)) rmSync(file)
    this.#file = file
    this.#maxBytes = maxBytes
    this.#onLine = onLine
  }

  /** False when the limit was reached: nothing more will be kept. */
  write(chunk: Buffer): boolean {
    const kept = chunk.subarray(0, this.#maxBytes - this.#bytes)
    this.#keep(kept)
    this.#bytes += kept.length
    this.#decoder ??= new StringDecoder('utf8')
    this.#splitLines(this.#decoder.write(kept))
    return kept.length === chunk.length
  }

  /** A disk without room ends no step by its log: what follows is shown, and missing in the file. */
  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return
    try {
      this.#descriptor ??= openSync(this.#file, 'w')
      for (let at = 0; at < bytes.length;) at += writeSync(this.#descriptor, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException // these two throw no other
      if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error
    }
  }

  close(): void {
    if (this.#decoder === undefined) return
    this.#splitLines(this.#decoder.end())
    if (this.#line !== '') this.#onLine(this.#line)
    this.#line = ''
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
  }

  #splitLines(text: string): void {
    const lines = (this.#line + text).split('\n')
    this.#line = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line.replace(/\r$/, '').slice(0, MAX_LINE_LENGTH))
    // An endless line is handed on in pieces, so memory stays bounded.
    for (; this.#line.length > MAX_LINE_LENGTH; this.#line = this.#line.slice(MAX_LINE_LENGTH))
      this.#onLine(this.#line.slice(0, MAX_LINE_LENGTH))
  }
}
