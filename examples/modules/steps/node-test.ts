// node-test.ts — a step: the program's own tests. The next step runs only when they pass.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

/** `{ src } → { src }` */
export const nodeTest = defineStep({
  name: 'test',
  params: z.object({ flags: z.array(z.string()).default([]) }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  async run({ input, params, $ }) {
    await $.in(input.src)`${process.execPath} --test ${params.flags}`
    return { src: input.src }
  },
})
