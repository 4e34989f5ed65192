// script.ts — the step script: a few lines of sh in the source. For other inputs and outputs, define a step with `script`.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { toolParams, toolsOf } from './autotools.ts'

/**
 * Runs sh text in the source's directory: `{ src } → { src }`, carrying the rest. It runs under `set -eu`; members of `values`
 * are there as `$param_values_<name>`. Errors: TN3xxx when a command fails.
 */
export const script = defineStep({
  name: 'script',
  params: z.object({
    text: z.string(),
    /** What the text needs from elsewhere; may hold references to other packages' outputs. */
    values: z
      .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.union([z.string(), z.number(), z.boolean()]))
      .default({}),
    ...toolParams,
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  tools: toolsOf,
  script: ({ text }) => `cd "$in_src"\n${text}\n`,
})
