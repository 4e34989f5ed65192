// make-install.ts — the step makeInstall: from a built source to an installed package.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, tree, workTree } from 'tenon'
import { toolParams, toolsOf } from './autotools.ts'
import { StepError } from './step-error.ts'

/**
 * Runs `make install`: `{ src } → { prefix }`. The source is left behind; `prefix` is the tree that configure was told of.
 * Errors: TN3531 when nothing was installed there.
 */
export const makeInstall = defineStep({
  name: 'make-install',
  params: z.object({
    targets: z.array(z.string()).default(['install']),
    /** More arguments: a package without configure needs its `prefix=…`, which `prefixVariable` gives. */
    flags: z.array(z.string()).default([]),
    /** The makefile's variable for the prefix, for packages without configure: `PREFIX` or `prefix`. */
    prefixVariable: z.string().optional(),
    /** Where to run it, below the source. */
    directory: z.string().default('.'),
    ...toolParams,
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree() }),
  tools: toolsOf,
  async run({ input, params, out, $ }) {
    const prefix = params.prefixVariable === undefined ? [] : [`${params.prefixVariable}=${out.prefix}`]
    await $.in(join(input.src, params.directory))`make ${params.flags} ${prefix} ${params.targets}`
    if (!existsSync(out.prefix) || readdirSync(out.prefix).length === 0)
      throw new StepError(
        'TN3531',
        `make ${params.targets.join(' ')} installed nothing below ${out.prefix}`,
        'Was the prefix set? The step configure does it; for a package without it, name its variable: prefixVariable.',
      )
    return { prefix: out.prefix }
  },
})
