// when.ts — when(): a carrying step that is there or not, decided while planning.
import { CodedError } from '../plan/coded-error.ts'
import { stepValue, type Step } from '../step/step.ts'
import type { AnyStep } from '../types/walk.ts'
import { stepNode } from './edits.ts'

type Carrying<S extends AnyStep> = S['mode'] extends 'carry'
  ? S
  : `✗ when() takes a step that carries; '${S['name']}' replaces the document`

/**
 * `step` if `condition` holds; otherwise the document passes unchanged. Fields that only the step gives are optional after it.
 * @throws CodedError TN1309 for a condition that is not a boolean, or a step that does not carry.
 */
export function when<S extends AnyStep>(
  condition: boolean,
  step: Carrying<S>,
): Step<S['name'], S['~in'], S['~out'], 'maybe'>
export function when(condition: unknown, step: unknown): unknown {
  const node = stepNode('when()', 1, step)
  if (typeof condition !== 'boolean')
    throw new CodedError('TN1309', `when() of step '${node.name}' got ${typeof condition} as its condition`, {
      hint: 'The condition must be known while planning: true or false, never a reference.',
    })
  if (node.kind !== 'step' || node.definition.mode !== 'carry')
    throw new CodedError('TN1309', `when() got '${node.name}', which replaces the document`, {
      hint: "Only a step with mode: 'carry' can be left out without changing what the next step gets.",
    })
  return stepValue(Object.freeze({ kind: 'when', name: node.name, holds: condition, step: node }))
}
