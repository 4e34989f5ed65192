// version-file.ts — a step: the version of package.json as a module that the program imports.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

/** `{ src } → { src, version }` */
export const versionFile = defineStep({
  name: 'version-file',
  params: z.object({ target: z.string() }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree(), version: z.string() }),
  run({ input, params }) {
    const { version }: { version: string } = JSON.parse(readFileSync(join(input.src, 'package.json'), 'utf8'))
    writeFileSync(join(input.src, params.target), `export const version = ${JSON.stringify(version)}\n`)
    return { src: input.src, version }
  },
})
