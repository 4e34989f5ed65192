// why.ts — what changed since the last build of a target, from the very data that the keys are made of.
import { byCodeUnit, type Json } from '../../dsl/plan/json.ts'
import { neededSteps } from '../schedule/needed-steps.ts'
import { Store } from '../store/store.ts'
import { lastBuild, type RememberedStep } from './last-build.ts'
import { lookAhead, type Foreseen } from './look-ahead.ts'
import { loadTarget, type LoadTargetOptions } from './target.ts'

export interface Change {
  /** A path into what the key is made of: `body.digest`, `request.params.flags.0`, `inputs./build/src`. */
  readonly component: string
  readonly before: Json | null // null: was not there
  readonly after: Json | null
}
export interface StepVerdict {
  readonly chain: string
  readonly name: string
  /** pending: hangs on a step above that has to run first. failed: its last run failed. */
  readonly verdict: 'unchanged' | 'changed' | 'new' | 'pending' | 'failed' | 'missing'
  readonly changes: readonly Change[]
}
export interface WhyView {
  readonly steps: readonly StepVerdict[]
}

export async function whyTarget(options: LoadTargetOptions): Promise<WhyView> {
  const target = await loadTarget(options)
  const { plan } = target.loaded
  const graph = neededSteps(plan, target.document)
  const foreseen = await lookAhead(target, options.home, graph)
  const before = lastBuild(options.home, target.name)
  const store = Store.open(options.home)
  const steps = [...graph.needs.keys()].map((index): StepVerdict => {
    const step = plan.steps[index]
    const chain = step?.chain ?? '?'
    const name = step?.name ?? '?'
    return { chain, name, ...verdictOf(store, before[`${chain}@${name}`], foreseen.get(index)) }
  })
  return { steps }
}

function verdictOf(
  store: Store,
  before: RememberedStep | undefined,
  now: Foreseen | undefined,
): Pick<StepVerdict, 'verdict' | 'changes'> {
  if (before === undefined) return { verdict: 'new', changes: [] }
  if (now === undefined) return { verdict: 'pending', changes: [] }
  if (now.key === before.key) {
    const verdict = before.failed && !now.realised ? 'failed' : now.realised ? 'unchanged' : 'missing'
    return { verdict, changes: [] }
  }
  const then = store.action(before.key)
  if (then === undefined || now.description === null)
    return { verdict: 'changed', changes: [{ component: 'content', before: before.key, after: now.key }] }
  return {
    verdict: 'changed',
    changes: differences(JSON.parse(then) as Json, JSON.parse(now.description) as Json, ''),
  } // canonical JSON of ours
}

/** The innermost members that differ. */
function differences(before: Json, after: Json, path: string): readonly Change[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted(byCodeUnit)
    return keys.flatMap((key) => {
      const [a, b] = [before[key] ?? null, after[key] ?? null]
      return differences(a, b, path === '' ? key : `${path}.${key}`)
    })
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  return [{ component: path, before, after }]
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null
}
