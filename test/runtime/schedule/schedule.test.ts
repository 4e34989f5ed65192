// schedule.test.ts — order, parallelism and failure of the scheduler, by counting, without a clock.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schedule, type Graph, type Outcome } from '../../../runtime/schedule/schedule.ts'

const graph = (needs: Readonly<Record<number, readonly number[]>>): Graph => ({
  needs: new Map(Object.entries(needs).map(([node, needed]) => [Number(node), new Set(needed)])),
})

interface Trace {
  readonly started: number[]
  readonly skipped: [node: number, failed: number][]
  most: number // nodes that ran at once
}
async function trace(
  nodes: Graph,
  options: {
    jobs?: number
    keepGoing?: boolean
    fails?: readonly number[]
    signal?: AbortSignal
    onStart?: (node: number) => void
  },
): Promise<Trace> {
  const seen: Trace = { started: [], skipped: [], most: 0 }
  let running = 0
  await schedule(nodes, {
    jobs: options.jobs ?? 4,
    keepGoing: options.keepGoing ?? false,
    signal: options.signal ?? new AbortController().signal,
    run: async (node): Promise<Outcome> => {
      seen.started.push(node)
      seen.most = Math.max(seen.most, ++running)
      options.onStart?.(node)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      return options.fails?.includes(node) === true ? 'failed' : 'done'
    },
    onSkip: (node, failed) => seen.skipped.push([node, failed]),
  })
  return seen
}

test('a node runs after all that it needs', async () => {
  const { started } = await trace(graph({ 0: [], 1: [0], 2: [0, 1], 3: [2] }), {})
  assert.deepEqual(started, [0, 1, 2, 3])
})

test('a chain never overlaps with itself; independent chains overlap', async () => {
  assert.equal((await trace(graph({ 0: [], 1: [0], 2: [1] }), {})).most, 1)
  assert.equal((await trace(graph({ 0: [], 1: [0], 2: [], 3: [2] }), {})).most, 2)
})

test('no more than `jobs` nodes run at once', async () => {
  const wide = graph({ 0: [], 1: [], 2: [], 3: [], 4: [] })
  assert.equal((await trace(wide, { jobs: 2 })).most, 2)
  assert.equal((await trace(wide, { jobs: 1 })).most, 1)
  assert.equal((await trace(wide, { jobs: 9 })).started.length, 5)
})

test('after a failure nothing new starts, and what hung on it is named', async () => {
  const { started, skipped } = await trace(graph({ 0: [], 1: [0], 2: [1], 3: [] }), { jobs: 1, fails: [0] })
  assert.deepEqual(started, [0])
  assert.deepEqual(skipped, [
    [1, 0],
    [2, 0],
  ])
})

test('keepGoing runs all that does not need the failed node', async () => {
  const { started, skipped } = await trace(graph({ 0: [], 1: [0], 2: [], 3: [2] }), {
    jobs: 1,
    fails: [0],
    keepGoing: true,
  })
  assert.deepEqual(started, [0, 2, 3])
  assert.deepEqual(skipped, [[1, 0]])
})

test('after an abort nothing new starts', async () => {
  const abort = new AbortController()
  const { started } = await trace(graph({ 0: [], 1: [0], 2: [] }), {
    jobs: 1,
    signal: abort.signal,
    onStart: () => abort.abort(),
  })
  assert.deepEqual(started, [0])
})

test('what run throws is thrown, after the nodes that ran are finished', async () => {
  let finished = 0
  const run = async (node: number): Promise<Outcome> => {
    if (node === 0) throw new Error('a bug')
    await new Promise((resolve) => setImmediate(resolve))
    finished++
    return 'done'
  }
  const options = { jobs: 2, keepGoing: true, signal: new AbortController().signal, run, onSkip: () => {} }
  await assert.rejects(schedule(graph({ 0: [], 1: [], 2: [1] }), options), /a bug/)
  assert.equal(finished, 1)
})
