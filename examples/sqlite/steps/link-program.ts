// link-program.ts — a step: one C file as a program that finds its library in the store. Knows nothing of SQLite.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, hostTools, tree, workTree } from 'tenon'

/** `{ src } → { prefix }` with `bin/<name>`. */
export const linkProgram = defineStep({
  name: 'link-program',
  params: z.object({
    name: z.string(),
    source: z.string(),
    /** Where the library was installed: another package's output. */
    library: z.object({ name: z.string(), prefix: tree() }),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree() }),
  tools: [hostTools('cc', 'as', 'ld')],
  async run({ input, params, out, $ }) {
    const { name, prefix } = params.library
    const bin = join(out.prefix, 'bin')
    mkdirSync(bin, { recursive: true })
    const flags = ['-O2', `-I${prefix}/include`, `-L${prefix}/lib`, `-Wl,-rpath,${prefix}/lib`]
    await $.in(input.src)`cc ${flags} -o ${join(bin, params.name)} ${params.source} ${`-l${name}`}`
    return { prefix: out.prefix }
  },
})
