// steps.ts — the steps and the context that tests of the DSL share. Bodies are scripts: they need no loader.
import { z } from 'zod'
import { defineStep, file, hostTools, instantiate, tree, workTree } from '../../dsl/index.ts'
import type { Plan, PlannedPackage, PlannedStep, PlanningContext } from '../../dsl/plan/plan.ts'

export const context: PlanningContext = { platform: { os: 'linux', arch: 'x64' }, locked: {} }

export const fetch = defineStep({
  name: 'fetch',
  params: z.object({ url: z.string(), hash: z.string().optional() }),
  output: z.object({ file: file() }),
  host: 'fetch',
  fixedOutput: ({ url, hash }) => ({ hash, lockKey: url }),
})
export const unpack = defineStep({
  name: 'unpack',
  input: z.object({ file: file() }),
  output: z.object({ src: workTree() }),
  preparesSource: true,
  script: 'tar xf "$in_file" -C "$out_src"',
})
export const patch = defineStep({
  name: 'patch',
  mode: 'carry',
  params: z.object({ strip: z.number().default(1), patches: z.array(file()).default([]) }),
  input: z.object({ src: workTree() }),
  output: z.object({ src: workTree() }),
  script: 'patch',
})
export const version = defineStep({
  name: 'version',
  mode: 'carry',
  input: z.object({ src: workTree() }),
  output: z.object({ version: z.string() }),
  script: 'output version 1',
})
export const make = defineStep({
  name: 'make',
  params: z.object({
    jobs: z.number().int().default(1),
    flags: z.array(z.string()).default([]),
    zlib: tree().optional(),
    target: z.object({ name: z.string(), install: z.boolean().default(true) }).optional(),
  }),
  input: z.object({ src: workTree() }),
  output: z.object({ prefix: tree() }),
  tools: [hostTools('make', 'cc')],
  script: 'make',
})

export function plan(packages: Record<string, unknown>, world: Partial<PlanningContext> = {}): Plan {
  return instantiate(packages, { ...context, ...world }).plan
}
/** The default package of a plan with one. */
export function planOf(value: unknown): { plan: Plan; main: PlannedPackage; steps: readonly PlannedStep[] } {
  const made = plan({ default: value })
  const main = made.packages['default']
  if (main === undefined) throw new Error('it became no package')
  return { plan: made, main, steps: made.steps }
}
/** The last step `name` of the plan: a package stands after those it refers to. */
export function stepOf(value: unknown, name: string): PlannedStep {
  const step = planOf(value).steps.findLast((each) => each.name === name)
  if (step === undefined) throw new Error(`no step ${name}`)
  return step
}
