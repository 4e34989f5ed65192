// edit-program.ts — steps that change the text of the program: a banner on top, comments out.
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
  run({ input, params, files }) {
    const path = `${input.src}/${params.file}`
    const [first = '', ...rest] = files.readText(path).split('\n')
    files.writeText(path, [first, `// ${params.text}`, ...rest].join('\n'))
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
  run({ input, params, files }) {
    const path = `${input.src}/${params.file}`
    const lines = files.readText(path).split('\n')
    files.writeText(path, lines.filter((line) => !/^\s*\/\//.test(line)).join('\n'))
    return { src: input.src }
  },
})
