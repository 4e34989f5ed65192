// checks.ts — assertions and warnings of all modules of a package, asked together.
import type { PlanNote } from '../../chain/node.ts'
import { inside } from '../../step/site.ts'
import type { Evaluation } from '../evaluate/contract.ts'
import { fault } from '../evaluate/fault.ts'

/** @throws CodedError TN1508 with every assertion that does not hold. */
export function requireAssertions(evaluation: Evaluation): void {
  const failed = [...applying(evaluation, 'assertions', false)]
  const [first] = failed
  if (first === undefined) return
  const { name } = evaluation.contextFor(null)
  const count = failed.length === 1 ? 'an assertion' : `${failed.length} assertions`
  throw fault(
    'TN1508',
    `${count} of '${name}' ${failed.length === 1 ? 'does' : 'do'} not hold`,
    'Each line says what is expected and where.',
    failed.map(({ message, site }) => ({ fact: message, site })),
  )
}

export function warningsOf(evaluation: Evaluation): readonly PlanNote[] {
  return [...applying(evaluation, 'warnings', true)]
}

function* applying(
  { closure, contextFor }: Evaluation,
  kind: 'assertions' | 'warnings',
  when: boolean,
): Generator<PlanNote> {
  for (const module of closure.modules)
    for (const [i, { test, message }] of module[kind].entries()) {
      const context = contextFor(module)
      if ((test(context) === true) !== when) continue
      const text = typeof message === 'function' ? (message as MessageOf)(context) : message // as the types say
      yield { message: String(text), site: inside(module.site, kind, i) }
    }
}

type MessageOf = (context: unknown) => unknown
