// extract-zip.ts — entries of a zip file into an extraction. Leaves safety of names and links to it.
import { crc32 } from 'node:zlib'
import { type Entry, type ZipFile, getFileNameLowLevel, openPromise } from 'yauzl'
import { StepError, isSystemError, messageOf } from '../step-error.ts'
import type { Bytes } from './decompress.ts'
import type { Extraction } from './extraction.ts'

const UNIX = [3, 19] // "made by" systems whose attributes hold a Unix mode (APPNOTE 4.4.2)
const KIND_MASK = 0o170000
const MAX_LINK_BYTES = 4096

export async function extractZip(file: string, into: Extraction): Promise<void> {
  try {
    // Names are checked by the extraction, so that tar and zip refuse with the same words.
    const zip = await openPromise(file, { decodeStrings: false, lazyEntries: true })
    for await (const entry of zip.eachEntry()) await extractEntry(zip, entry, into)
  } catch (error) {
    if (error instanceof StepError || isSystemError(error)) throw error
    const where = into.lastEntry === null ? 'in its directory' : `in or after entry '${into.lastEntry}'`
    throw new StepError(
      'TN3501',
      `the archive is damaged or cut short ${where}: ${messageOf(error)}`,
      'Check that the hash in the build file is that of the whole file, as its author publishes it.',
      error,
    )
  }
}

async function extractEntry(zip: ZipFile, entry: Entry, into: Extraction): Promise<void> {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
  into.begin(name)
  if (entry.isEncrypted() || !entry.canDecodeFileData())
    throw new StepError(
      'TN3504',
      `archive entry '${name}' is ${entry.isEncrypted() ? 'encrypted' : `compressed by method ${entry.compressionMethod}`}`,
      'Stored and deflated entries can be unpacked: repack the archive, or unpack it with a step of your own.',
    )
  const mode = UNIX.includes(entry.versionMadeBy >>> 8) ? entry.externalFileAttributes >>> 16 : 0
  switch (mode & KIND_MASK) {
    case 0o120000:
      return into.symlink(name, await linkTarget(zip, entry, into, name))
    case 0o040000:
      return into.directory(name)
    case 0:
    case 0o100000:
      if (name.endsWith('/')) return into.directory(name)
      return into.file(name, (mode & 0o111) !== 0, content(zip, entry, into))
    default:
      throw new StepError(
        'TN3504',
        `archive entry '${name}' is a device, a pipe or a socket`,
        'A tree holds files, directories and symbolic links only: unpack this archive with a step of your own.',
      )
  }
}

async function* content(zip: ZipFile, entry: Entry, into: Extraction): Bytes {
  let sum = 0
  const stream: AsyncIterable<Buffer> = await zip.openReadStreamPromise(entry)
  for await (const chunk of stream) {
    into.spend(chunk.length)
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw new Error('its checksum does not match')
}

async function linkTarget(zip: ZipFile, entry: Entry, into: Extraction, name: string): Promise<string> {
  if (entry.uncompressedSize > MAX_LINK_BYTES)
    throw new StepError(
      'TN3503',
      `archive entry '${name}' is a link of ${entry.uncompressedSize} bytes`,
      'Do not trust it.',
    )
  const parts: Uint8Array[] = []
  for await (const chunk of content(zip, entry, into)) parts.push(chunk)
  return Buffer.concat(parts).toString('utf8')
}
