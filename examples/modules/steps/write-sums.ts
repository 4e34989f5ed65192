// write-sums.ts — a step: the checksum of the finished file, as `sha256sum` writes it.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { defineStep, file } from 'tenon'

/** `{ file, fileName } → { sums }`, carrying the rest. */
export const writeSums = defineStep({
  name: 'write-sums',
  input: z.object({ file: file(), fileName: z.string() }),
  output: z.object({ sums: file() }),
  mode: 'carry',
  run({ input, out }) {
    const digest = createHash('sha256').update(readFileSync(input.file)).digest('hex')
    writeFileSync(out.sums, `${digest}  ${input.fileName}\n`)
    return { sums: out.sums }
  },
})
