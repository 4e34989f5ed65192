// verify.ts — a step: unpacks the finished tarball and runs the program that is in it.
import { readFileSync, writeFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { unpackTar } from 'modern-tar'
import { z } from 'zod'
import { defineStep, file } from 'tenon'

/** `{ file, version } → { prints }`, carrying the rest. It fails when the program does not print what is expected. */
export const verify = defineStep({
  name: 'verify',
  params: z.object({ program: z.string(), markdown: z.string(), expect: z.string() }),
  input: z.object({ file: file(), version: z.string() }),
  output: z.object({ prints: z.string() }),
  mode: 'carry',
  async run({ input, params, $ }) {
    const entries = await unpackTar(gunzipSync(readFileSync(input.file)))
    const program = entries.find(({ header }) => header.name === `package/${params.program}`)?.data
    if (program === undefined) throw new Error(`${params.program} is not in the package`)
    writeFileSync('program.mjs', program)
    writeFileSync('sample.md', params.markdown)
    const version = await $`${process.execPath} program.mjs --version`
    if (!version.stdout.includes(input.version))
      throw new Error(`it says it is ${version.stdout}, not ${input.version}`)
    const { stdout } = await $`${process.execPath} program.mjs sample.md`
    if (stdout !== params.expect)
      throw new Error(`it prints ${JSON.stringify(stdout)}, expected ${JSON.stringify(params.expect)}`)
    return { prints: stdout }
  },
})
