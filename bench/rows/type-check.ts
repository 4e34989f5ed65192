// type-check.ts — what a long chain costs the type checker: instantiations, which repeat exactly, and time.
import { join } from 'node:path'
import type { Row } from '../measure/bench.ts'
import { interleave, type Side } from '../measure/rounds.ts'
import { measured, type Claim, type Figure } from '../measure/row.ts'
import { timed } from '../measure/timed-process.ts'
import { Workspace } from '../measure/workspace.ts'

const LENGTHS = [10, 100, 300] as const
const GROWTH = 1.1 // of the cost of one more step, from the first hundred to the rest

/** Each step has types of its own. */
function buildFile(definitions: number, used: number): string {
  const numbers = Array.from({ length: definitions }, (_, i) => i)
  const definition = (i: number): string =>
    `const s${i} = defineStep({ name: 's${i}', params: z.object({ p${i}: z.number().default(1) }), ` +
    `input: z.object({ f${i}: z.string() }), output: z.object({ f${i + 1}: z.string() }), script: 'true' })\n`
  const uses = numbers.slice(0, used).map((i) => `s${i}()`)
  const made = used === 0 ? '' : `export const c = chain('c', ${uses.join(', ')})\n`
  return `import { z } from 'zod'\nimport { chain, defineStep } from 'tenon'\n${numbers.map(definition).join('')}${made}`
}

const CONFIG = {
  compilerOptions: {
    target: 'ES2024',
    lib: ['ES2024'],
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['build.ts'],
}

function project(directory: string, definitions: number, used: number): () => ReturnType<typeof timed> {
  const workspace = new Workspace(directory)
  workspace.write({ 'tsconfig.json': JSON.stringify(CONFIG), 'build.ts': buildFile(definitions, used) })
  const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
  const options = { cwd: workspace.directory, env: { PATH: process.env['PATH'] } }
  return () => timed(process.execPath, [compiler, '-p', '.', '--extendedDiagnostics'], options)
}

function instantiations({ stdout }: ReturnType<typeof timed>): number {
  const count = /^Instantiations:\s+(\d+)$/m.exec(stdout)?.[1]
  if (count === undefined) throw new Error(`the compiler counted no instantiations:\n${stdout}`)
  return Number(count)
}

/** How much more one of the last 200 steps costs than one of the 90 before them. */
export function growth([ten, hundred, threeHundred]: readonly [number, number, number]): number {
  return (threeHundred - hundred) / 200 / ((hundred - ten) / 90)
}

export const typeCheck: Row = {
  name: 'type-check',
  title: 'types of a chain of steps that all differ (tsc)',
  measure: (bench) => {
    const at = (name: string): string => join(bench.directory, name)
    const cost = (length: number): number =>
      instantiations(project(at(`chain-${length}`), length, length)()) -
      instantiations(project(at(`definitions-${length}`), length, 0)())
    const counts = [cost(10), cost(100), cost(300)] as const
    const counted = LENGTHS.map((length, i): Figure =>
      measured(`${length} steps, their chain alone`, 'types', [counts[i] ?? 0]),
    )
    const sides = LENGTHS.map((length): Side => {
      const run = project(at(`time-${length}`), length, length)
      return { label: `${length} steps`, prepare: () => undefined, run: () => run().durationMs }
    })
    const claim: Claim = {
      label: 'cost of a step, after ÷ before the hundredth',
      unit: '×',
      better: 'lower',
      target: GROWTH,
      value: growth(counts),
    }
    return { figures: [...counted, ...interleave(sides, bench.rounds(3), 1)], claims: [claim] }
  },
}
