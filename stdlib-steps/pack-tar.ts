// pack-tar.ts — the step packTar: a tree as one tar file, the same bytes for the same tree. Leaves writing to pack/.
import { z } from 'zod'
import { defineStep, file, tree, workTree } from 'tenon'
import { treeEntries } from './files/tree-entries.ts'
import { packedTree } from './pack/packed-tree.ts'
import { writeTar } from './pack/write-tar.ts'

const SUFFIX = { none: '.tar', gzip: '.tar.gz', zstd: '.tar.zst' }
const MTIME_MS = 315_532_800_000 // 1980-01-01, the time of all files in steps: zip can't hold an earlier one

/**
 * Packs a tree: `{ prefix }`, `{ tree }` or `{ src } → { file, fileName }`, the first that is there. Entries are sorted; times,
 * owners and modes (755 or 644) are constant. Errors: TN3542 when there is nothing to pack.
 */
export const packTar = defineStep({
  name: 'pack-tar',
  params: z.object({
    /** What the archive is called, without suffix: `hello-1.0`. */
    name: z.string(),
    compression: z.enum(['none', 'gzip', 'zstd']).default('gzip'),
    /** The directory that all entries lie in. Default: the name; '' for none. */
    root: z.string().optional(),
  }),
  input: z.object({ prefix: tree().optional(), tree: tree().optional(), src: workTree().optional() }),
  output: z.object({ file: file(), fileName: z.string() }),
  async run({ input, params, out }) {
    const root = packedTree(input)
    const layout = { prefix: params.root ?? params.name, mtimeMs: MTIME_MS, compression: params.compression }
    await writeTar(root, treeEntries(root), out.file, layout)
    return { file: out.file, fileName: params.name + SUFFIX[params.compression] }
  },
})
