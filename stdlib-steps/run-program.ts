// run-program.ts — the step runProgram: runs a program of an installed package and keeps what it printed.
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, tree } from 'tenon'
import { StepError } from './step-error.ts'
import { toolParams, toolsOf } from './autotools.ts'

/**
 * Runs a program: `{ prefix } → { stdout }`, carrying the rest; `stdout` is without the line end at its end. It fails when the program does, or prints other than
 * expected. Errors: TN3550 (output differs), TN3xxx (the program failed).
 */
export const runProgram = defineStep({
  name: 'run-program',
  params: z.object({
    /** Below the tree: `bin/hello`. */
    program: z.string(),
    args: z.array(z.string()).default([]),
    /** Exactly what it must print, without the line end at its end. Default: anything. */
    expectStdout: z.string().optional(),
    tools: toolParams.tools.default([]),
    toolTrees: toolParams.toolTrees,
  }),
  input: z.object({ prefix: tree() }),
  output: z.object({ stdout: z.string() }),
  mode: 'carry',
  tools: toolsOf,
  async run({ input, params, $ }) {
    const { stdout } = await $`${join(input.prefix, params.program)} ${params.args}`
    if (params.expectStdout !== undefined && stdout !== params.expectStdout)
      throw new StepError(
        'TN3550',
        `${params.program} printed ${JSON.stringify(stdout)}, expected is ${JSON.stringify(params.expectStdout)}`,
        'Look at what changed in the steps before (`tenon why`), or correct `expectStdout`.',
      )
    return { stdout }
  },
})
