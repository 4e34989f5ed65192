// archives.ts — archives for tests: tars with any header, zips with any attribute, trees as text. Asserts nothing.
import { lstatSync, readFileSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { type TarHeader, packTar } from 'modern-tar'
import { type UnpackOptions, unpackArchive } from '../../../stdlib-steps/archive/unpack-archive.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

export type TarEntry = Omit<TarHeader, 'size'> & { readonly content?: string }

export async function tar(entries: readonly TarEntry[]): Promise<Buffer> {
  const packed = entries.map(({ content = '', ...header }) => ({
    header: { ...header, size: Buffer.byteLength(content), mtime: new Date(0) },
    body: content,
  }))
  return Buffer.from(await packTar(packed))
}

export interface ZipEntry {
  readonly name: string
  readonly content?: string
  /** Unix mode with its kind bits. */
  readonly mode?: number
  readonly isDeflated?: boolean
  readonly claimedCrc?: number
}

export function zip(entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const content = Buffer.from(entry.content ?? '')
    const data = entry.isDeflated ? deflateRawSync(content) : content
    const shared = Buffer.alloc(26) // version needed … extra length, the same in both headers
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(0x0800, 2)
    shared.writeUInt16LE(entry.isDeflated ? 8 : 0, 4)
    shared.writeUInt32LE(entry.claimedCrc ?? crc32(content), 10)
    shared.writeUInt32LE(data.length, 14)
    shared.writeUInt32LE(content.length, 18)
    shared.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), shared, name, data])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), shared, tail, name]))
    locals.push(local)
    offset += local.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, central, end])
}

export const GENEROUS: UnpackOptions = { strip: null, maxSizeBytes: 1e9, maxEntries: 1e6 }

export interface Unpacked {
  /** One line for each thing below the root: `dir/`, `file: content`, `file* content` (executable), `link -> target`. */
  readonly tree: readonly string[]
  /** What lies beside the root: nothing, unless something escaped. */
  readonly beside: readonly string[]
  readonly error: unknown
}

export async function unpacked(archive: Buffer, options: Partial<UnpackOptions> = {}): Promise<Unpacked> {
  const outer = temporaryFolder('unpack')
  const file = join(outer, 'archive')
  const root = join(outer, 'a', 'root')
  writeFileSync(file, archive)
  const error: unknown = await unpackArchive(file, root, { ...GENEROUS, ...options }).catch(
    (thrown: unknown) => thrown,
  )
  const beside = [...readdirSync(outer), ...listIf(join(outer, 'a'))].filter(
    (name) => !['archive', 'a', 'root'].includes(name),
  )
  return { tree: listing(root, ''), beside, error }
}

function listIf(directory: string): string[] {
  return lstatSync(directory, { throwIfNoEntry: false }) === undefined ? [] : readdirSync(directory)
}

export function listing(root: string, below: string): string[] {
  return listIf(join(root, below))
    .toSorted()
    .flatMap((name) => {
      const path = join(below, name)
      const stat = lstatSync(join(root, path))
      if (stat.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(root, path))}`]
      if (stat.isDirectory()) return [`${path}/`, ...listing(root, path)]
      return [`${path}${stat.mode & 0o100 ? '*' : ':'} ${readFileSync(join(root, path), 'utf8')}`]
    })
}
