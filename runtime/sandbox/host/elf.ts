// elf.ts — which loader and libraries an ELF program names (ELF-64 little-endian: x64 and arm64). Finding them is found-files.ts's.
import { closeSync, openSync, readSync } from 'node:fs'

export interface ElfNeeds {
  readonly loader: string | null
  readonly libraries: readonly string[]
  /** DT_RUNPATH and DT_RPATH, `$ORIGIN` not replaced. */
  readonly searchPaths: readonly string[]
}

const [PT_LOAD, PT_DYNAMIC, PT_INTERP] = [1, 2, 3]
const [DT_NEEDED, DT_STRTAB, DT_RPATH, DT_RUNPATH] = [1, 5, 15, 29]

/** Undefined when the file is no such program. Field positions: System V ABI, "Object Files" and "Program Loading". */
export function readElfNeeds(file: string): ElfNeeds | undefined {
  const descriptor = openSync(file, 'r')
  try {
    const read = (position: number, length: number): Buffer => {
      const buffer = Buffer.alloc(length)
      return buffer.subarray(0, readSync(descriptor, buffer, 0, length, position))
    }
    const header = read(0, 64)
    if (header.length < 64 || header.readUInt32BE(0) !== 0x7f454c46 || header[4] !== 2 || header[5] !== 1)
      return undefined
    return needs(segments(header, read), read)
  } finally {
    closeSync(descriptor)
  }
}

type Read = (position: number, length: number) => Buffer
interface Segment {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

function segments(header: Buffer, read: Read): readonly Segment[] {
  const [table, entrySize, count] = [
    Number(header.readBigUInt64LE(32)),
    header.readUInt16LE(54),
    header.readUInt16LE(56),
  ]
  return Array.from({ length: count }, (_, i) => {
    const entry = read(table + i * entrySize, entrySize)
    const long = (at: number): number => Number(entry.readBigUInt64LE(at))
    return { type: entry.readUInt32LE(0), offset: long(8), address: long(16), size: long(32) }
  })
}

function needs(all: readonly Segment[], read: Read): ElfNeeds {
  const interpreter = all.find(({ type }) => type === PT_INTERP)
  const dynamic = all.find(({ type }) => type === PT_DYNAMIC)
  const loader = interpreter === undefined ? null : text(read(interpreter.offset, interpreter.size), 0)
  if (dynamic === undefined) return { loader, libraries: [], searchPaths: [] }
  const entries = dynamicEntries(read(dynamic.offset, dynamic.size))
  const address = entries.find(([tag]) => tag === DT_STRTAB)?.[1] ?? 0
  const home = all.find(
    (one) => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
  )
  if (home === undefined) return { loader, libraries: [], searchPaths: [] }
  const strings = read(address - home.address + home.offset, home.size - (address - home.address))
  const named = (...tags: readonly (number | undefined)[]): string[] =>
    entries.filter(([tag]) => tags.includes(tag)).map(([, at]) => text(strings, at))
  return {
    loader,
    libraries: named(DT_NEEDED),
    searchPaths: named(DT_RPATH, DT_RUNPATH).flatMap((path) => path.split(':')),
  }
}

function dynamicEntries(section: Buffer): readonly (readonly [tag: number, value: number])[] {
  return Array.from({ length: Math.floor(section.length / 16) }, (_, i) => [
    Number(section.readBigUInt64LE(i * 16)),
    Number(section.readBigUInt64LE(i * 16 + 8)),
  ])
}

function text(buffer: Buffer, at: number): string {
  const end = buffer.indexOf(0, at)
  return buffer.toString('utf8', at, end === -1 ? undefined : end)
}
