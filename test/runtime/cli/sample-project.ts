// sample-project.ts — a small build file of sh steps, for end-to-end tests. It fits on one screen on purpose.

export const BUILD_FILE = `import { chain, defineStep, file, hostTools } from 'tenon'
import { z } from 'zod'

const write = defineStep({
  name: 'write',
  params: z.object({ text: z.string() }),
  output: z.object({ note: file() }),
  script: 'echo writing; printf %s "$param_text" > "$out_note"; output note "$out_note"',
})
const shout = defineStep({
  name: 'shout',
  input: z.object({ note: file() }),
  output: z.object({ note: file(), length: z.number().int() }),
  script: 'read -r text < "$in_note" || true; printf %s! "$text" > "$out_note"; output note "$out_note"; output_json length "\${#text}"',
})
const program = defineStep({
  name: 'program',
  output: z.object({ program: file() }),
  tools: [hostTools('chmod')],
  script: 'printf "#!/bin/sh\\\\ncat\\\\necho args \\\\$#: \\\\$*\\\\nexit 56\\\\n" > "$out_program"; chmod +x "$out_program"; output program "$out_program"',
})

export default chain('greeting', write({ text: 'hello' }), shout())
export const tool = chain('tool', program())
export const version = 3
`
