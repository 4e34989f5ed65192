// package-set.ts — many packages of 10 steps each: a tree in which each depends on the one at half its number.

const STEPS = `import { defineStep, file } from 'tenon'
import { z } from 'zod'

const text = z.object({ text: file() })
export const start = defineStep({ name: 'start', params: z.object({ from: z.array(file()), name: z.string() }), output: text, script: 'exit 1' })
export const grow = defineStep({ name: 'grow', params: z.object({ index: z.number().int() }), input: text, output: text, script: 'read -r n < "$in_text"; echo $((n + 1)) > "$out_text"' })
export const collect = defineStep({ name: 'collect', params: z.object({ from: z.array(file()) }), output: text, script: 'echo done > "$out_text"' })
`

const folderOf = (index: number): string => `packages/${Math.floor(index / 100)}`
const grown = Array.from({ length: 9 }, (_, i) => `grow({ index: ${i} }).as('s${i}')`).join(', ')

/** `note`: a text in its key, so another note is an edit of the package. */
export function packageFile(index: number, note = ''): Readonly<Record<string, string>> {
  const base = index >> 1
  const dependency = index === 0 ? '' : `import p${base} from '../../${folderOf(base)}/p${base}.ts'\n`
  const from = index === 0 ? '[]' : `[p${base}.output.text]`
  const text = `import { chain } from 'tenon'
import { grow, start } from '../../steps.ts'
${dependency}
export default chain('p${index}', start({ from: ${from}, name: 'p${index}${note}' }), ${grown})
`
  return { [`${folderOf(index)}/p${index}.ts`]: text }
}

/** `count` packages, each in a file of its own, and a build file that needs them all. */
export function packageSet(count: number): Readonly<Record<string, string>> {
  const indices = Array.from({ length: count }, (_, i) => i)
  const imports = indices.map((i) => `import p${i} from './${folderOf(i)}/p${i}.ts'\n`).join('')
  const from = indices.map((i) => `p${i}.output.text`).join(', ')
  return Object.assign(
    {
      'steps.ts': STEPS,
      'build.ts': `import { chain } from 'tenon'\nimport { collect } from './steps.ts'\n${imports}\nexport default chain('all', collect({ from: [${from}] }))\n`,
    },
    ...indices.map((i) => packageFile(i)),
  )
}
