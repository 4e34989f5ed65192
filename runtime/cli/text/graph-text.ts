// graph-text.ts — a plan as a graph: packages are clusters, steps nodes; what crosses packages is named on the edge.
import { byCodeUnit, type Json } from '../../../dsl/plan/json.ts'
import type { PlanView, StepView } from '../../commands/plan-view.ts'

export type GraphFormat = 'dot' | 'mermaid'

interface Edge {
  readonly from: StepView
  readonly to: StepView
  readonly label: string // empty inside of a package
}

export function graphText(view: PlanView, format: GraphFormat): string {
  const packages = Map.groupBy(view.steps, ({ chain }) => chain)
  const edges = view.steps.flatMap((to) => edgesInto(to, view.steps))
  return format === 'dot' ? dotText(view, packages, edges) : mermaidText(packages, edges)
}

function edgesInto(to: StepView, steps: readonly StepView[]): readonly Edge[] {
  const fields = new Map<number, Set<string>>()
  collectFields([to.params, to.input], fields)
  return to.inputsFrom.flatMap((index) => {
    const from = steps.find((step) => step.index === index)
    if (from === undefined) return []
    const names = from.chain === to.chain ? [] : [...(fields.get(index) ?? [])].toSorted(byCodeUnit)
    return [{ from, to, label: names.join(', ') }]
  })
}

/** Expressions of dsl/plan: `{ kind: 'output', step, path }` is where data comes from. */
function collectFields(value: Json, fields: Map<number, Set<string>>): void {
  if (typeof value !== 'object' || value === null) return
  if ('kind' in value && value.kind === 'literal') return
  if (
    'kind' in value &&
    value.kind === 'output' &&
    typeof value.step === 'number' &&
    Array.isArray(value.path)
  ) {
    const names = fields.get(value.step) ?? new Set()
    fields.set(value.step, names.add(value.path.join('.')))
    return
  }
  for (const member of Object.values(value)) collectFields(member, fields)
}

type Packages = ReadonlyMap<string, readonly StepView[]>

function dotText(view: PlanView, packages: Packages, edges: readonly Edge[]): string {
  const quoted = (text: string): string =>
    `"${text.replaceAll('\\', String.raw`\\`).replaceAll('"', String.raw`\"`)}"`
  const clusters = [...packages].map(
    ([name, steps], i) =>
      `  subgraph cluster_${i} {\n    label=${quoted(name)}\n` +
      steps.map((step) => `    s${step.index} [label=${quoted(step.name)}]\n`).join('') +
      '  }\n',
  )
  const arrows = edges.map(
    ({ from, to, label }) =>
      `  s${from.index} -> s${to.index}${label === '' ? '' : ` [label=${quoted(label)}]`}\n`,
  )
  return `digraph ${quoted(view.package)} {\n  node [shape=box]\n${clusters.join('')}${arrows.join('')}}\n`
}

function mermaidText(packages: Packages, edges: readonly Edge[]): string {
  // Mermaid has no escapes but entities, written with # instead of &.
  const quoted = (text: string): string =>
    `"${text.replaceAll(/[#"<>&;|`]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`
  const clusters = [...packages].map(
    ([name, steps], i) =>
      `  subgraph p${i}[${quoted(name)}]\n` +
      steps.map((step) => `    s${step.index}[${quoted(step.name)}]\n`).join('') +
      '  end\n',
  )
  const arrows = edges.map(
    ({ from, to, label }) => `  s${from.index} -->${label === '' ? '' : `|${quoted(label)}|`} s${to.index}\n`,
  )
  return `flowchart TD\n${clusters.join('')}${arrows.join('')}`
}
