// checks.ts — assertions and warnings of all modules of a package, asked together.
import type { PlanNote } from '../../chain/node.ts'
import type { Check, ModuleNode } from '../declare/node.ts'
import type { Evaluation } from '../evaluate/contract.ts'
import { fault } from '../evaluate/fault.ts'

/** @throws CodedError TN1508 with every assertion that does not hold. */
export function requireAssertions(evaluation: Evaluation): void {
  const failed = [...applying(evaluation, ({ assertions }) => assertions, false)]
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
  return [...applying(evaluation, ({ warnings }) => warnings, true)]
}

function* applying(
  { closure, contextFor }: Evaluation,
  checksOf: (module: ModuleNode) => readonly Check[],
  when: boolean,
): Generator<PlanNote> {
  for (const module of closure.modules)
    for (const { test, message } of checksOf(module)) {
      const context = contextFor(module)
      if ((test(context) === true) !== when) continue
      yield {
        message: String(
          typeof message === 'function' ? (message as (context: unknown) => unknown)(context) : message,
        ),
        site: module.site,
      } // text, as the types say
    }
}
