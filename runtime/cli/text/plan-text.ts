// plan-text.ts — a plan as a table for people.
import type { JsonObject } from '../../../dsl/plan/json.ts'
import type { PlanView, StepView } from '../../commands/plan-view.ts'
import { countText } from '../../report/amounts.ts'
import { textTable } from './text-table.ts'

export function planText(view: PlanView): string {
  const known = view.steps.filter(({ realised }) => realised !== null)
  const stored = known.filter(({ realised }) => realised).length
  const counts = [
    countText(view.steps.length, 'step'),
    `${stored} in the store`,
    `${known.length - stored} to run`,
    ...(known.length < view.steps.length
      ? [`${view.steps.length - known.length} known once those above have run`]
      : []),
  ]
  const unitOf = new Map(view.units.flatMap(({ steps }, unit) => steps.map((step) => [step, unit + 1])))
  const rows = view.steps.map((step, order) => [
    String(order + 1),
    String(unitOf.get(step.index) ?? ''),
    `${step.chain}@${step.name}`,
    step.interpreter,
    toolsText(step.tools),
    documentChange(step),
    stateText(step),
    hashText(step),
  ])
  const heading = ['#', 'unit', 'step', 'runs', 'tools', 'document', 'state', 'fixed output']
  const units = view.units.map(
    ({ because }, unit) => `unit ${unit + 1} ends there: ${because ?? 'the chain does'}`,
  )
  return `${view.package}: ${counts.join(', ')}\n\n${textTable(heading, rows)}\n${units.join('\n')}\n`
}

const SHOWN_TOOLS = 3

/** The first few; `--json` has them all. */
function toolsText(tools: readonly string[]): string {
  const hidden = tools.length - SHOWN_TOOLS
  return [...tools.slice(0, SHOWN_TOOLS), ...(hidden > 0 ? [`+${hidden}`] : [])].join(' ')
}

/** `+src -file`: fields that the step adds to what it takes, and those that end with it. */
function documentChange(step: StepView): string {
  const taken = new Set(fieldsOf(step.schemas.input))
  const added = fieldsOf(step.schemas.output).filter((field) => !taken.has(field))
  return [...added.map((field) => `+${field}`), ...step.drops.map((field) => `-${field}`)].join(' ')
}

function fieldsOf(schema: JsonObject): readonly string[] {
  const { properties } = schema
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
}

function stateText({ realised }: StepView): string {
  return realised === null ? '?' : realised ? 'in the store' : 'to run'
}

function hashText({ fixedOutput }: StepView): string {
  if (fixedOutput === null) return ''
  return fixedOutput.hash ?? `not in tenon.lock yet (${fixedOutput.lockKey ?? 'no key'})`
}
