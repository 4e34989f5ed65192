// plan-text.test.ts — plans, graphs and verdicts as text.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { graphText } from '../../../../runtime/cli/text/graph-text.ts'
import { planText } from '../../../../runtime/cli/text/plan-text.ts'
import { whyText } from '../../../../runtime/cli/text/why-text.ts'
import { matchesGolden } from '../../report/golden.ts'
import { samplePlan } from './sample-plan.ts'

const golden = (name: string): string => join(import.meta.dirname, 'golden', name)

test('a plan is a table as the golden file says', () => {
  matchesGolden(golden('plan.txt'), planText(samplePlan))
})

test('a graph is as the golden files say, names escaped, edges between packages labelled', () => {
  matchesGolden(golden('graph.dot'), graphText(samplePlan, 'dot'))
  matchesGolden(golden('graph.mermaid'), graphText(samplePlan, 'mermaid'))
})

test('data that looks like a reference labels no edge', () => {
  assert(!graphText(samplePlan, 'dot').includes('decoy'))
})

test('every verdict and change is printed as the golden file says', () => {
  const changes = [
    { component: 'request.params.flags.0', before: '-O1', after: '-O2' },
    { component: 'tools.packages.3', before: null, after: { name: 'gcc', version: '12' } },
    { component: 'inputs./build/src', before: 'a'.repeat(64), after: null },
  ]
  const verdicts = ['unchanged', 'changed', 'new', 'pending', 'failed', 'missing'] as const
  const steps = verdicts.map((verdict) => ({
    chain: 'hello',
    name: verdict,
    verdict,
    changes: verdict === 'changed' ? changes : [],
  }))
  matchesGolden(golden('why.txt'), whyText({ steps }))
})

test('when nothing changed that is all that is said', () => {
  const step = { chain: 'hello', name: 'make', verdict: 'unchanged' as const, changes: [] }
  assert.equal(whyText({ steps: [step, step] }), 'nothing would run: 2 steps unchanged\n')
})
