// why-text.ts — what `tenon why` found, for people.
import type { Json } from '../../../dsl/plan/json.ts'
import type { Change, StepVerdict, WhyView } from '../../commands/why.ts'
import { countText } from '../../report/amounts.ts'
import { truncate } from '../../report/terminal-text.ts'

/** Steps that are unchanged are only counted. */
export function whyText({ steps }: WhyView): string {
  const unchanged = steps.filter(({ verdict }) => verdict === 'unchanged').length
  const others = steps.filter(({ verdict }) => verdict !== 'unchanged')
  const text = others.flatMap((step) => [
    `${step.chain}@${step.name}: ${verdictText(step)}`,
    ...step.changes.map(changeText),
  ])
  const count =
    others.length === 0
      ? `nothing would run: ${countText(unchanged, 'step')} unchanged`
      : `${unchanged} unchanged`
  return [...text, count].map((line) => line + '\n').join('')
}

function verdictText({ verdict }: StepVerdict): string {
  switch (verdict) {
    case 'unchanged':
      return 'unchanged'
    case 'changed':
      return 'runs again, because something it is made of changed'
    case 'new':
      return 'runs, for the first time in this target'
    case 'pending':
      return 'is decided once the steps above have run'
    case 'failed':
      return 'runs again, because it failed'
    case 'missing':
      return 'runs again, because its result is not in the store any more'
  }
}

const VALUE_COLUMNS = 60

function changeText({ component, before, after }: Change): string {
  if (before === null) return `  + ${component}: ${valueText(after)}`
  if (after === null) return `  - ${component}: ${valueText(before)}`
  return `  ~ ${component}: ${valueText(before)} → ${valueText(after)}`
}

function valueText(value: Json): string {
  return truncate(JSON.stringify(value), VALUE_COLUMNS)
}
