// units.ts — the grouping of one build: what escapes its chain and what earlier builds measured, given to schedule/grouping.
import type { Expr, Plan } from '../../dsl/plan/plan.ts'
import { stepsOf } from '../rebuild/resolve.ts'
import { grouping, type Granularity, type Grouping, type Measured } from '../schedule/grouping.ts'
import type { Graph } from '../schedule/schedule.ts'
import type { Store } from '../store/store.ts'
import { lastBuild } from './last-build.ts'
import type { Target } from './target.ts'

export function unitsOf(
  target: Target,
  document: Expr,
  graph: Graph,
  store: Store,
  granularity: Granularity,
): Grouping {
  const { plan } = target.loaded
  const steps = [...graph.needs.keys()]
  return grouping({
    granularity,
    steps: target.steps,
    escaping: escapingSteps(plan, document, graph),
    chains: new Map(steps.map((step) => [step, plan.steps[step]?.chain ?? ''])),
    measured:
      granularity.kind === 'auto' || granularity.kind === 'list'
        ? measurements(target, store)
        : () => undefined,
  })
}

/** Consecutive steps of one chain, each group ending with a step that keeps its work trees. */
export function groupsOf(plan: Plan, graph: Graph, { keeps }: Grouping): readonly (readonly number[])[] {
  const open = new Map<string, number[]>()
  const groups: number[][] = []
  for (const step of graph.needs.keys()) {
    const chain = plan.steps[step]?.chain ?? ''
    let group = open.get(chain)
    if (group === undefined) groups.push((group = []))
    group.push(step)
    if (keeps(step)) open.delete(chain)
    else open.set(chain, group)
  }
  return groups
}

function escapingSteps(plan: Plan, document: Expr, graph: Graph): ReadonlySet<number> {
  const escaping = new Set(stepsOf(document))
  for (const [step, needs] of graph.needs)
    for (const need of needs) if (plan.steps[step]?.chain !== plan.steps[need]?.chain) escaping.add(need)
  return escaping
}

function measurements(target: Target, store: Store): (step: number) => Measured | undefined {
  const before = lastBuild(store.home, target.name)
  const { plan } = target.loaded
  return (step) => {
    const planned = plan.steps[step]
    const remembered = before[`${planned?.chain ?? ''}@${planned?.name ?? ''}`]
    const found = remembered === undefined ? undefined : store.recollection(remembered.key)
    if (found === undefined) return undefined
    const trees = found.artifacts.filter(({ kind }) => kind === 'workTree')
    const own = trees.map(({ object }) => store.ownBytes(object))
    const bytes = trees.map(({ object }, i) => {
      const known = store.object(object) ?? found.passing?.find(({ path }) => path === object)
      return own[i] ?? known?.contentBytes ?? 0
    })
    const keptBytes = bytes.reduce((sum, each) => sum + each, 0)
    return { durationMs: found.durationMs, keptBytes, isWhole: own.includes(undefined) }
  }
}
