// needs.ts — which steps a step's own data names.
import type { PlannedStep } from '../../dsl/plan/plan.ts'
import { stepsOf } from './resolve.ts'

export function needsOf(step: PlannedStep): ReadonlySet<number> {
  const trees = step.tools.flatMap((tool) => (tool.kind === 'tree' ? stepsOf(tool.tree) : []))
  return new Set([...stepsOf(step.input), ...stepsOf(step.params), ...trees])
}
