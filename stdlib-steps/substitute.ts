// substitute.ts — the step substitute: fixed texts of a source are replaced. Leaves finding them to files/substitute-text.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { substituteText } from './files/substitute-text.ts'

/**
 * Replaces texts in files: `{ src } → { src }`, carrying the rest. Texts are taken literally, all are replaced at once.
 * Errors: TN3520 a text that is in none of the files, TN3521 a glob without files.
 */
export const substitute = defineStep({
  name: 'substitute',
  params: z.object({
    /** Globs below the source. */
    files: z.array(z.string()).min(1),
    /** Text → what stands in its place; values may hold references to other packages' outputs. */
    replacements: z.record(z.string().min(1), z.string()),
    /** Accept texts that occur nowhere. */
    allowNoMatch: z.boolean().default(false),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  preparesSource: true,
  run({ input, params, log }) {
    for (const [text, count] of Object.entries(substituteText(input.src, params)))
      log(`${JSON.stringify(text)}: ${count} ×`)
    return { src: input.src }
  },
})
