// extract-tar.ts — entries of a tar stream into an extraction. Leaves safety of names and links to it.
import { ReadableStream } from 'node:stream/web'
import { type ParsedTarEntry, createTarDecoder } from 'modern-tar'
import { StepError, isSystemError, messageOf } from '../step-error.ts'
import type { Bytes } from './decompress.ts'
import type { Extraction } from './extraction.ts'
import { looksLikeTar } from './format.ts'

export async function extractTar(bytes: Bytes, into: Extraction): Promise<void> {
  try {
    const entries = ReadableStream.from(counted(bytes, into)).pipeThrough(createTarDecoder({ strict: true }))
    for await (const entry of entries) await extractEntry(entry, into)
  } catch (error) {
    if (error instanceof StepError || isSystemError(error)) throw error
    const where = into.lastEntry === null ? 'before its first entry' : `in or after entry '${into.lastEntry}'`
    throw new StepError(
      'TN3501',
      `the archive is damaged or cut short ${where}: ${messageOf(error)}`,
      'Check that the hash in the build file is that of the whole file, as its author publishes it.',
      error,
    )
  }
}

async function* counted(bytes: Bytes, into: Extraction): Bytes {
  let isFirst = true
  for await (const chunk of bytes) {
    if (isFirst && chunk.length >= 512 && !looksLikeTar(chunk))
      throw new StepError(
        'TN3500',
        'the file is compressed, but not a tar archive',
        'Unpack it with a step of your own.',
      )
    isFirst = false
    into.spend(chunk.length)
    yield chunk
  }
}

async function extractEntry({ header, body }: ParsedTarEntry, into: Extraction): Promise<void> {
  const { name, type = 'file', linkname = '' } = header
  into.begin(name)
  switch (type) {
    case 'file':
      if (header.pax !== undefined && Object.keys(header.pax).some((key) => key.startsWith('GNU.sparse.')))
        throw unsupported(name, 'a sparse file')
      return into.file(name, ((header.mode ?? 0) & 0o111) !== 0, body)
    case 'directory':
      into.directory(name)
      break
    case 'symlink':
      into.symlink(name, linkname)
      break
    case 'link':
      into.hardLink(name, linkname)
      break
    case 'character-device':
    case 'block-device':
      throw unsupported(name, 'a device')
    case 'fifo':
      throw unsupported(name, 'a named pipe')
    case 'pax-header':
    case 'pax-global-header':
    case 'gnu-long-name':
    case 'gnu-long-link-name':
      break // the decoder has applied them to the entries that they describe
  }
  await body.cancel()
}

function unsupported(name: string, what: string): StepError {
  return new StepError(
    'TN3504',
    `archive entry '${name}' is ${what}`,
    'A tree holds files, directories and symbolic links only: unpack this archive with a step of your own.',
  )
}
