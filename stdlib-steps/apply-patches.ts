// apply-patches.ts — the step applyPatches: patch files over a source, in order. Leaves reading and applying to patch/.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type File, type Ref, defineStep, file, localFile, workTree } from 'tenon'
import { applyPatchFile } from './patch/apply-patch-file.ts'

const step = defineStep({
  name: 'apply-patches',
  params: z.object({
    patches: z.array(z.object({ name: z.string(), file: file() })),
    strip: z.number().int().min(0),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  preparesSource: true,
  run({ input, params, log }) {
    for (const { name, file } of params.patches) {
      const changed = applyPatchFile(name, readFileSync(file), input.src, params.strip)
      log(`${name}: ${changed.join(', ')}`)
    }
    return { src: input.src }
  },
})

export interface ApplyPatchesOptions {
  /** Paths relative to the build file, or files that other steps give; applied in this order. */
  readonly patches: readonly (string | Ref<File>)[]
  /** Leading directories to leave out of names in patches. Default: 1, as for `a/…` and `b/…`. */
  readonly strip?: number
}

/**
 * Applies unified diffs: `{ src } → { src }`, carrying the rest. Context must match exactly, though it may have moved; git's
 * new, removed, renamed, copied and executable files are understood. Needs no tools of the machine.
 *
 * Errors: TN3510 no readable patch, TN3511 a hunk that does not fit (with what was expected and found), TN3512 a path outside of
 * the source, TN3513 a file that is missing or there already, TN3514 binary changes and links.
 */
export function applyPatches({ patches, strip = 1 }: ApplyPatchesOptions): ReturnType<typeof step> {
  const named = patches.map((patch, i) =>
    typeof patch === 'string'
      ? { name: patch, file: localFile(patch) }
      : { name: `patch ${i + 1}`, file: patch },
  )
  return step({ patches: named, strip })
}
