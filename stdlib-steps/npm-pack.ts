// npm-pack.ts — the step npmPack: a source as an npm package. Leaves the choice of files and writing to pack/.
import { z } from 'zod'
import { defineStep, file, tree, workTree } from 'tenon'
import { npmFiles } from './pack/npm-files.ts'
import { npmManifest } from './pack/npm-manifest.ts'
import { packedTree } from './pack/packed-tree.ts'
import { writeTar } from './pack/write-tar.ts'

const MTIME_MS = 499_162_500_000 // 1985-10-26 08:15, the time that npm itself gives to all files

/**
 * Packs a source as `npm pack` does: `{ prefix }`, `{ tree }` or `{ src } → { file, name, version, fileName }`. package.json
 * decides what goes in (`files`, ignore files); the same source gives the same bytes. Its scripts are not run.
 * Errors: TN3540 package.json is missing or wrong, TN3541 bundled dependencies, TN3542 nothing to pack.
 */
export const npmPack = defineStep({
  name: 'npm-pack',
  input: z.object({ prefix: tree().optional(), tree: tree().optional(), src: workTree().optional() }),
  output: z.object({ file: file(), name: z.string(), version: z.string(), fileName: z.string() }),
  async run({ input, out }) {
    const root = packedTree(input)
    const manifest = npmManifest(root)
    await writeTar(root, npmFiles(root, manifest), out.file, {
      prefix: 'package',
      mtimeMs: MTIME_MS,
      compression: 'gzip',
    })
    const { name, version } = manifest
    return {
      file: out.file,
      name,
      version,
      fileName: `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`,
    }
  },
})
