// schedule.ts — when: each node after the nodes it needs, so many at a time. Knows nothing of what a node does.

export interface Graph {
  /** Node → nodes it needs. Only nodes that are keys are run; there is no cycle. */
  readonly needs: ReadonlyMap<number, ReadonlySet<number>>
}
export type Outcome = 'done' | 'failed'

export interface ScheduleOptions {
  readonly jobs: number
  /** After a failure: go on with everything that does not need the failed node. */
  readonly keepGoing: boolean
  readonly signal: AbortSignal
  readonly run: (node: number) => Promise<Outcome>
  /** A node that will not run because `failed` did not succeed. */
  readonly onSkip: (node: number, failed: number) => void
}

/**
 * Runs all nodes of the graph, lowest number first among those that are ready.
 * Resolves when nothing runs any more; after an abort nothing new starts.
 * @throws whatever `run` throws, once the nodes that run are finished.
 */
export async function schedule(graph: Graph, options: ScheduleOptions): Promise<void> {
  const waitingFor = new Map([...graph.needs].map(([node, needs]) => [node, pending(graph, needs)]))
  const neededBy = invert(graph)
  const ready = [...waitingFor].filter(([, needs]) => needs.size === 0).map(([node]) => node)
  const running = new Set<Promise<void>>()
  const skipped = new Set<number>()
  let stopped = false
  let thrown: { readonly error: unknown } | null = null

  const skipDependents = (failed: number, node: number): void => {
    for (const next of neededBy.get(node) ?? []) {
      if (skipped.has(next)) continue
      skipped.add(next)
      options.onSkip(next, failed)
      skipDependents(failed, next)
    }
  }
  const finish = (node: number, outcome: Outcome): void => {
    if (outcome === 'failed') {
      stopped ||= !options.keepGoing
      skipDependents(node, node)
      return
    }
    for (const next of neededBy.get(node) ?? []) {
      const needs = waitingFor.get(next)
      needs?.delete(node)
      if (needs?.size === 0 && !skipped.has(next)) insert(ready, next)
    }
  }
  const start = (node: number): void => {
    const task = options
      .run(node)
      .then((outcome) => finish(node, outcome))
      .catch((error: unknown) => {
        thrown ??= { error }
        stopped = true
      })
      .finally(() => running.delete(task))
    running.add(task)
  }

  for (;;) {
    while (!stopped && !options.signal.aborted && running.size < options.jobs) {
      const node = ready.shift()
      if (node === undefined) break
      start(node)
    }
    if (running.size === 0) break
    await Promise.race(running)
  }
  if (thrown !== null) throw (thrown as { readonly error: unknown }).error // narrowed to null by the closure above
}

function pending(graph: Graph, needs: ReadonlySet<number>): Set<number> {
  return new Set([...needs].filter((need) => graph.needs.has(need)))
}

function invert(graph: Graph): Map<number, number[]> {
  const neededBy = new Map<number, number[]>()
  for (const [node, needs] of graph.needs)
    for (const need of needs) {
      const list = neededBy.get(need)
      if (list === undefined) neededBy.set(need, [node])
      else list.push(node)
    }
  return neededBy
}

function insert(sorted: number[], node: number): void {
  const at = sorted.findIndex((other) => other > node)
  sorted.splice(at === -1 ? sorted.length : at, 0, node)
}
