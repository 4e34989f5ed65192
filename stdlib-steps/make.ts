// make.ts — the step make: builds a source by its makefile. Installing is make-install's, testing check-step's.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { toolParams, toolsOf } from './autotools.ts'

/**
 * Runs `make`: `{ src } → { src }`, carrying the rest. Errors: TN3xxx when make fails; its output is the step's log.
 */
export const make = defineStep({
  name: 'make',
  params: z.object({
    /** Default: the makefile's own. */
    targets: z.array(z.string()).default([]),
    /** More arguments: `CFLAGS=-O2`, `V=1`. */
    flags: z.array(z.string()).default([]),
    /** Jobs at a time. Default: one for each processor, which is no part of the key. */
    jobs: z.number().int().min(1).optional(),
    /** Where to run it, below the source. */
    directory: z.string().default('.'),
    ...toolParams,
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  tools: toolsOf,
  async run({ input, params, $ }) {
    const jobs = params.jobs ?? availableParallelism()
    await $.in(join(input.src, params.directory))`make ${`-j${jobs}`} ${params.flags} ${params.targets}`
    return { src: input.src }
  },
})
