// unpack.ts — the step unpack: an archive becomes a source. Leaves formats and safety to archive/.
import { z } from 'zod'
import { defineStep, file, workTree } from 'tenon'
import { unpackArchive } from './archive/unpack-archive.ts'

/**
 * Unpacks an archive: `{ file } → { src }`. Knows tar (plain, gzip, bzip2, xz, zstd) and zip, by content; needs no tools of
 * the machine. Executable bits, links and empty directories are kept; hard links become files; owners, times and other
 * permissions are dropped.
 *
 * Errors: TN3500 unknown format, TN3501 damaged or cut short, TN3502 and TN3503 names and links that leave the archive,
 * TN3504 devices and the like, TN3505 a name twice, TN3506 larger than the limits, TN3507 nothing left after `strip`.
 */
export const unpack = defineStep({
  name: 'unpack',
  params: z.object({
    /** Leading directories to leave out. Default: the top directory, when it is the archive's only entry. */
    strip: z.number().int().min(0).optional(),
    maxSizeBytes: z
      .number()
      .int()
      .min(1)
      .default(64 * 2 ** 30),
    maxEntries: z.number().int().min(1).default(5_000_000),
  }),
  input: z.object({ file: file() }),
  output: z.object({ src: workTree() }),
  preparesSource: true,
  async run({ input, params, out }) {
    await unpackArchive(input.file, out.src, { ...params, strip: params.strip ?? null })
    return { src: out.src }
  },
})
