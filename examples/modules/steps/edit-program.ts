// edit-program.ts — steps that change the text of the program: a banner on top, comments out.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

const src = z.object({ src: workTree() })

/** `{ src } → { src }`: a comment below the first line. */
export const addBanner = defineStep({
  name: 'add-banner',
  params: z.object({ file: z.string(), text: z.string() }),
  input: src,
  output: src,
  mode: 'carry',
  run({ input, params }) {
    const path = join(input.src, params.file)
    const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [first, `// ${params.text}`, ...rest].join('\n'))
    return { src: input.src }
  },
})

/** `{ src } → { src }`: without lines that are nothing but a comment. */
export const stripComments = defineStep({
  name: 'strip-comments',
  params: z.object({ file: z.string() }),
  input: src,
  output: src,
  mode: 'carry',
  run({ input, params }) {
    const path = join(input.src, params.file)
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, lines.filter((line) => !/^\s*\/\//.test(line)).join('\n'))
    return { src: input.src }
  },
})
