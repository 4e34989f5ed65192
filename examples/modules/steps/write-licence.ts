// write-licence.ts — a step that only the extension in mine.ts uses.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

/** `{ src } → { src }`: with a LICENSE, which npm packs by itself. */
export const writeLicence = defineStep({
  name: 'write-licence',
  params: z.object({ holder: z.string() }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  run({ input, params, files }) {
    files.writeText(`${input.src}/LICENSE`, `Copyright ${params.holder}. All rights reserved.\n`)
    return { src: input.src }
  },
})
