// output.ts — standard output and error that survive a reader who leaves early.

/** A write to a pipe that nobody reads any more is dropped; the command itself goes on. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}

/** Ends the process once everything that was written has gone out, or has failed to. */
export async function exitWhenWritten(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    await new Promise<void>((resolve) => {
      if (stream.destroyed) resolve()
      else stream.write('', () => resolve())
    })
  // An error of the last write is told after its callback.
  await new Promise((resolve) => setImmediate(resolve))
  process.exit(code)
}
