// write-tar.ts — a tree as a tar file that is the same on every machine: order, times, owners, modes are fixed.
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import { type TarHeader, createTarPacker } from 'modern-tar'
import type { TreeEntry } from '../files/tree-entries.ts'

export type TarCompression = 'none' | 'gzip' | 'zstd'
export interface TarLayout {
  /** Goes before every name, without a slash at its end; '' for none. */
  readonly prefix: string
  readonly mtimeMs: number
  readonly compression: TarCompression
}

/** `entries` are packed in their order; parents must come before children. */
export async function writeTar(
  root: string,
  entries: readonly TreeEntry[],
  target: string,
  layout: TarLayout,
): Promise<void> {
  const { readable, controller } = createTarPacker()
  const packing = pack(root, entries, layout, controller).catch((error: unknown) => controller.error(error))
  const source = Readable.fromWeb(readable)
  const sink = createWriteStream(target)
  const filter = compressor(layout.compression)
  await (filter === null ? pipeline(source, sink) : pipeline(source, filter, sink))
  await packing
}

function compressor(
  compression: TarCompression,
): ReturnType<typeof createGzip | typeof createZstdCompress> | null {
  switch (compression) {
    case 'none':
      return null
    case 'gzip':
      return createGzip({ level: 9 }) // zlib writes no time and no name
    case 'zstd':
      return createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 19 } })
  }
}

type Controller = ReturnType<typeof createTarPacker>['controller']

async function pack(
  root: string,
  entries: readonly TreeEntry[],
  layout: TarLayout,
  controller: Controller,
): Promise<void> {
  for (const entry of entries) {
    const body = controller.add(headerOf(entry, layout))
    if (entry.kind === 'file' && entry.sizeBytes > 0)
      await pipeline(createReadStream(join(root, entry.path)), Writable.fromWeb(body))
    else await body.close()
  }
  controller.finalize()
}

function headerOf(entry: TreeEntry, { prefix, mtimeMs }: TarLayout): TarHeader {
  const name = prefix === '' ? entry.path : `${prefix}/${entry.path}`
  const fixed = { mtime: new Date(mtimeMs), uid: 0, gid: 0 }
  switch (entry.kind) {
    case 'directory':
      return { ...fixed, name: `${name}/`, type: 'directory', size: 0, mode: 0o755 }
    case 'file':
      return { ...fixed, name, type: 'file', size: entry.sizeBytes, mode: entry.executable ? 0o755 : 0o644 }
    case 'symlink':
      return { ...fixed, name, type: 'symlink', size: 0, mode: 0o777, linkname: entry.target }
  }
}
