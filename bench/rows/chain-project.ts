// chain-project.ts — the build file of a long chain of tiny steps.
import type { ChainLanguage } from '../peers/chain-language.ts'

export type BodyLanguage = ChainLanguage | 'quickjs'

const BODIES: Readonly<Record<BodyLanguage, { readonly first: string; readonly next: string }>> = {
  sh: {
    first: `script: 'echo 0 > "$out_text"'`,
    next: `script: 'read -r n < "$in_text"; echo $((n + 1)) > "$out_text"'`,
  },
  node: {
    first: `run({ out }) { writeFileSync(out.text, '0'); return { text: out.text } }`,
    next: `run({ input, out }) { writeFileSync(out.text, String(Number(readFileSync(input.text, 'utf8')) + 1)); return { text: out.text } }`,
  },
  quickjs: {
    first: `interpreter: 'quickjs', run({ out, files }) { files.writeText(out.text, '0'); return { text: out.text } }`,
    next: `interpreter: 'quickjs', run({ input, out, files }) { files.writeText(out.text, String(Number(files.readText(input.text)) + 1)); return { text: out.text } }`,
  },
}

export function chainBuildFile(length: number, language: BodyLanguage): string {
  const { first, next } = BODIES[language]
  const uses = Array.from({ length: length - 1 }, (_, i) => `next({ index: ${i + 1} }).as('s${i + 1}')`)
  return `import { readFileSync, writeFileSync } from 'node:fs'
import { chain, defineStep, file } from 'tenon'
import { z } from 'zod'

const text = z.object({ text: file() })
const first = defineStep({ name: 's0', output: text, ${first} })
const next = defineStep({ name: 'next', params: z.object({ index: z.number().int() }), input: text, output: text, ${next} })

export default chain('numbers', first(), ${uses.join(', ')})
`
}
