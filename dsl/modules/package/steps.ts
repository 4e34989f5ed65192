// steps.ts — the steps of all modules of a package as one record. Who sees another module's step may replace or remove it.
import { checkName } from '../../chain/name.ts'
import { byCodeUnit } from '../../plan/json.ts'
import { isPlain } from '../../step/object-schema.ts'
import { inside } from '../../step/site.ts'
import { nearest } from '../../step/nearest.ts'
import type { ModuleNode } from '../declare/node.ts'
import type { Closure } from '../evaluate/closure.ts'
import { fault } from '../evaluate/fault.ts'
import type { Evaluation, RuntimeContext } from '../evaluate/contract.ts'

interface Supplied {
  readonly value: unknown // a step, or null: removed
  readonly module: ModuleNode
}

/** By name, in byte order. @throws CodedError TN1500, TN1511, TN1512 */
export function mergedSteps({ closure, contextFor }: Evaluation): Readonly<Record<string, unknown>> {
  const steps = new Map<string, Supplied[]>()
  for (const module of closure.modules)
    for (const [name, value] of Object.entries(stepsOf(module, contextFor(module)))) {
      if (value === undefined) continue
      checkName('a step', name)
      const below = steps.get(name) ?? []
      // The order of modules never matters: a step of one that it does not see might as well come later.
      if (value === null && !below.some((each) => closure.sees(module, each.module)))
        throw nothingToRemove(name, module, [...steps.keys()])
      steps.set(name, [...below, { value, module }])
    }
  const live = [...steps].map(([name, supplied]) => [name, onlyOne(name, supplied, closure)] as const)
  const sorted = live.filter(([, value]) => value !== null).toSorted(([a], [b]) => byCodeUnit(a, b))
  return Object.freeze(Object.fromEntries(sorted))
}

/** Who knows of another one replaces its step. Two that do not know of each other may agree to remove it. */
function onlyOne(name: string, supplied: readonly Supplied[], closure: Closure): unknown {
  const left = supplied.filter(
    (each) => !supplied.some((other) => other !== each && closure.sees(other.module, each.module)),
  )
  const [first, second] = left
  if (first === undefined || left.every(({ value }) => value === null)) return null
  if (second !== undefined) throw collision(name, first.module, second.module)
  return first.value
}

function stepsOf({ steps, site }: ModuleNode, context: RuntimeContext): Readonly<Record<string, unknown>> {
  const given =
    typeof steps === 'function' ? (steps as (context: RuntimeContext) => unknown)(context) : (steps ?? {}) // checked by module.ts
  if (isPlain(given)) return given
  throw fault(
    'TN1500',
    `the steps function of a module gave ${given === null ? 'null' : typeof given}`,
    "It gives an object: ({ '10-fetch': … }).",
    [{ fact: 'in the module', site: inside(site, 'steps') }],
  )
}

function nothingToRemove(name: string, { site }: ModuleNode, known: readonly string[]): Error {
  return fault('TN1512', `there is no step '${name}' to remove`, nearest(name, known), [
    { fact: 'set to null', site: inside(site, 'steps', name) },
  ])
}

function collision(name: string, one: ModuleNode, other: ModuleNode): Error {
  return fault(
    'TN1511',
    `two modules that do not know of each other give the step '${name}'`,
    'Name one otherwise, or let one import the other: it then replaces the step.',
    [
      { fact: 'given', site: inside(one.site, 'steps', name) },
      { fact: 'given', site: inside(other.site, 'steps', name) },
    ],
  )
}
