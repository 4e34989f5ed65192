// node-test.ts — a step: the program's own tests. The next step runs only when they pass.
import { globSync } from 'node:fs'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

/** `{ src } → { src }`, carrying the rest. */
export const nodeTest = defineStep({
  name: 'test',
  params: z.object({ files: z.string() }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree(), testFiles: z.number().int() }),
  mode: 'carry',
  async run({ input, params, $ }) {
    const files = globSync(params.files, { cwd: input.src }).toSorted()
    if (files.length === 0) throw new Error(`no test matches ${params.files}`)
    await $.in(input.src)`${process.execPath} --test ${files}`
    return { src: input.src, testFiles: files.length }
  },
})
