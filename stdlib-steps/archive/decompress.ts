// decompress.ts — a compressed file as a stream of its content. Knows nothing of what is inside.
import { createReadStream } from 'node:fs'
import { Readable, type Transform, pipeline } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import unbzip2 from 'unbzip2-stream'
import xz from 'xz-decompress' // CommonJS without named exports
import type { Compression } from './format.ts'

export type Bytes = AsyncIterable<Uint8Array>

/** Iteration throws when the data is damaged or ends too early. */
export function decompress(file: string, compression: Compression | null): Bytes {
  const source = createReadStream(file, { highWaterMark: 1 << 20 })
  switch (compression) {
    case null:
      return source
    case 'gzip':
      return through(source, createGunzip({ chunkSize: 1 << 18 }))
    case 'zstd':
      return through(source, createZstdDecompress({ chunkSize: 1 << 18 }))
    case 'bzip2':
      return bunzip(source)
    case 'xz':
      return unxz(source)
  }
}

function through(source: Readable, transform: Transform): Bytes {
  // The error also destroys `transform`, whose iteration throws it.
  pipeline(source, transform, () => undefined)
  return transform
}

async function* bunzip(source: Readable): Bytes {
  const decoder = unbzip2()
  const ready: Buffer[] = []
  let failure: unknown
  decoder.on('data', (chunk: Buffer) => ready.push(chunk))
  decoder.on('error', (error: unknown) => (failure ??= error))
  const drain = function* (): Iterable<Buffer> {
    // The decoder reads past the end of its input instead of noticing it.
    if (failure instanceof TypeError) throw new Error('unexpected end of bzip2 data', { cause: failure })
    if (failure !== undefined) throw failure
    yield* ready.splice(0)
  }
  // The decoder answers within write() and end().
  for await (const chunk of source) {
    decoder.write(chunk)
    yield* drain()
  }
  decoder.end()
  yield* drain()
}

async function* unxz(source: Readable): Bytes {
  yield* new xz.XzReadableStream(Readable.toWeb(source))
}
