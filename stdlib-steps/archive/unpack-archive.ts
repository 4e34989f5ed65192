// unpack-archive.ts — one archive of any known format into one directory; strips its top directory.
import { closeSync, mkdirSync, openSync, readSync, readdirSync, renameSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { StepError } from '../step-error.ts'
import { decompress } from './decompress.ts'
import { extractTar } from './extract-tar.ts'
import { extractZip } from './extract-zip.ts'
import { Extraction, type ExtractionLimits } from './extraction.ts'
import { formatOf } from './format.ts'

export interface UnpackOptions extends ExtractionLimits {
  /** Leading components to leave out of every name; null: the top directory when the archive has just that one entry. */
  readonly strip: number | null
}

/** @throws StepError TN3500–TN3507; whatever it throws, nothing outside of `directory` was written. */
export async function unpackArchive(file: string, directory: string, options: UnpackOptions): Promise<void> {
  const format = formatOf(headOf(file))
  mkdirSync(directory, { recursive: true })
  const extraction = new Extraction(directory, options.strip ?? 0, options)
  switch (format.kind) {
    case 'zip':
      await extractZip(file, extraction)
      break
    case 'tar':
      await extractTar(decompress(file, format.compression), extraction)
      break
    case 'unknown':
      throw new StepError(
        'TN3500',
        `the file is no archive that unpack knows${format.looksLike === null ? '' : `: it is ${format.looksLike}`}`,
        'Known are tar (plain, gzip, bzip2, xz, zstd) and zip. Unpack another format with a step of your own.',
      )
  }
  const top = options.strip === null ? singleTop(extraction) : null
  extraction.checkLinks(top === null ? [] : [top])
  if (top !== null) hoist(directory, top)
  if (options.strip !== null && options.strip > 0 && extraction.placed.size === 0)
    throw new StepError(
      'TN3507',
      `nothing is left of the archive after stripping ${options.strip} leading directories`,
      'Lower `strip`, or leave it out: a single top directory is stripped by itself.',
    )
}

function headOf(file: string): Buffer {
  const head = Buffer.alloc(512)
  const descriptor = openSync(file, 'r')
  try {
    return head.subarray(0, readSync(descriptor, head))
  } finally {
    closeSync(descriptor)
  }
}

function singleTop({ placed }: Extraction): string | null {
  const tops = [...placed].filter(([path]) => !path.includes('/'))
  const [top] = tops
  return tops.length === 1 && top?.[1].kind === 'directory' ? top[0] : null
}

/** Moves the content of `directory/top` up. Renames happen inside of `directory`, which may be a mount point. */
function hoist(directory: string, top: string): void {
  let aside = '.top' // any name that the content does not use
  while (readdirSync(join(directory, top)).includes(aside)) aside += '_'
  renameSync(join(directory, top), join(directory, aside))
  for (const name of readdirSync(join(directory, aside)))
    renameSync(join(directory, aside, name), join(directory, name))
  rmdirSync(join(directory, aside))
}
