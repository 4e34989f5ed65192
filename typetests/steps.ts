// steps.ts — the steps that the other type tests are made of. It compiles as it is.
import { defineStep, file, tree, workTree } from 'tenon'
import { z } from 'zod'

export const fetch = defineStep({
  name: 'fetch',
  params: z.object({ url: z.string() }),
  output: z.object({ file: file() }),
  host: 'fetch',
  fixedOutput: ({ url }) => ({ lockKey: url }),
})
export const unpack = defineStep({
  name: 'unpack',
  input: z.object({ file: file() }),
  output: z.object({ src: workTree() }),
  run: ({ out }) => ({ src: out.src }),
})
export const patch = defineStep({
  name: 'patch',
  mode: 'carry',
  params: z.object({ patches: z.array(file()) }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  run: ({ input }) => ({ src: input.src }),
})
export const version = defineStep({
  name: 'version',
  mode: 'carry',
  input: z.object({ src: workTree() }),
  output: z.object({ version: z.string() }),
  run: () => ({ version: '1' }),
})
export const make = defineStep({
  name: 'make',
  params: z.object({
    jobs: z.number().default(1),
    flags: z.array(z.string()).default([]),
    zlib: tree().optional(),
    nested: z.object({ deep: z.object({ level: z.number() }) }).optional(),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree() }),
  run: ({ out }) => ({ prefix: out.prefix }),
})
export const pack = defineStep({
  name: 'pack',
  input: z.object({ prefix: tree(), version: z.string() }),
  output: z.object({ archive: file() }),
  run: ({ out }) => ({ archive: out.archive }),
})
export const noPatches = { patches: [] }
