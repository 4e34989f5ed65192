// shared-library.ts — a step: one C file as a shared library with its header. Knows nothing of who links it.
import { copyFileSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { defineStep, hostTools, tree, workTree } from 'tenon'

/** `{ src } → { prefix }` with `lib/lib<name>.so` and `include/`. */
export const sharedLibrary = defineStep({
  name: 'shared-library',
  params: z.object({
    name: z.string(),
    source: z.string(),
    headers: z.array(z.string()),
    flags: z.array(z.string()).default([]),
    libraries: z.array(z.string()).default([]),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree() }),
  tools: [hostTools('cc', 'as', 'ld')],
  async run({ input, params, out, $ }) {
    const [include, lib] = [join(out.prefix, 'include'), join(out.prefix, 'lib')]
    mkdirSync(include, { recursive: true })
    mkdirSync(lib)
    for (const header of params.headers)
      copyFileSync(join(input.src, header), join(include, basename(header)))
    const library = `lib${params.name}.so`
    const libraries = params.libraries.map((name) => `-l${name}`)
    await $.in(
      input.src,
    )`cc -shared -fPIC ${`-Wl,-soname,${library}`} ${params.flags} -o ${join(lib, library)} ${params.source} ${libraries}`
    return { prefix: out.prefix }
  },
})
