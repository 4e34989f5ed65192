// configure.ts — the step configure: a source's configure script, told where the package will be installed.
import { join } from 'node:path'
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'
import { toolParams, toolsOf } from './autotools.ts'
import { commandFailed } from './command-failed.ts'

/**
 * Runs `./configure --prefix=<where makeInstall will put the package>`: `{ src } → { src }`, carrying the rest.
 * Errors: TN3530 with the end of config.log.
 */
export const configure = defineStep({
  name: 'configure',
  params: z.object({
    /** After --prefix. `--with-zlib=${zlib.output.prefix}` makes the other package a dependency. */
    flags: z.array(z.string()).default([]),
    /** `CC`, `CFLAGS` and others, given to the script as arguments. */
    variables: z.record(z.string(), z.string()).default({}),
    /** Where to run it, below the source. */
    directory: z.string().default('.'),
    /** The script, relative to that directory. */
    script: z.string().default('./configure'),
    ...toolParams,
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  mode: 'carry',
  tools: toolsOf,
  async run({ input, params, placeholder, $ }) {
    const directory = join(input.src, params.directory)
    const variables = Object.entries(params.variables).map(([name, value]) => `${name}=${value}`)
    const prefix = `--prefix=${placeholder('prefix')}`
    try {
      await $.in(directory)`${params.script} ${prefix} ${params.flags} ${variables}`
    } catch (error) {
      throw commandFailed(`${params.script} failed`, error, directory, 'config.log')
    }
    return { src: input.src }
  },
})
