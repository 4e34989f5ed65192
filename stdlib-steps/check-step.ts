// check-step.ts — the step checkStep: a package's own tests, by its makefile. Running the result is run-program's.
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { toolParams, toolsOf } from './autotools.ts'
import { commandFailed } from './command-failed.ts'

/**
 * Runs `make check`: `{ src } → { src }`, carrying the rest. Errors: TN3530 with the end of test-suite.log.
 */
export const checkStep = defineStep({
  name: 'check',
  params: z.object({
    targets: z.array(z.string()).default(['check']),
    /** More arguments: `TESTS=…`, `VERBOSE=1`. */
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
    const directory = join(input.src, params.directory)
    const jobs = params.jobs ?? availableParallelism()
    try {
      await $.in(directory)`make ${`-j${jobs}`} ${params.flags} ${params.targets}`
    } catch (error) {
      throw commandFailed('the tests failed', error, directory, 'test-suite.log')
    }
    return { src: input.src }
  },
})
