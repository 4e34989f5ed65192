// bundle.ts — a step: a TypeScript program as one JavaScript file. The work is bundle-modules.ts's.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { bundleModules } from './bundle-modules.ts'

/** `{ src } → { src, bundleBytes }`, carrying the rest. */
export const bundle = defineStep({
  name: 'bundle',
  params: z.object({ entry: z.string(), target: z.string() }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree(), bundleBytes: z.number().int() }),
  mode: 'carry',
  run({ input, params, log }) {
    const text = bundleModules(join(input.src, params.entry))
    const target = join(input.src, params.target)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    chmodSync(target, 0o755)
    log(`${params.target}: ${text.length} characters`)
    return { src: input.src, bundleBytes: Buffer.byteLength(text) }
  },
})
