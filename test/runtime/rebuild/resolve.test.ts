// resolve.test.ts — expressions to JSON, and which objects come along.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { digestOf } from '../../../dsl/plan/digest.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import type { Expr } from '../../../dsl/plan/plan.ts'
import { resolve } from '../../../runtime/rebuild/resolve.ts'
import type { Realisation } from '../../../runtime/store/realisation.ts'

const LIB = '/tenon/store/00000000000000000000000000000000-lib'
const TREE = '/tenon/store/11111111111111111111111111111111-src'
const OTHER = '/tenon/store/22222222222222222222222222222222-other'
const realisation = (
  document: Realisation['document'],
  artifacts: Realisation['artifacts'],
): Realisation => ({
  format: 1,
  key: digestOf('a test'),
  document,
  artifacts,
  rung: 'unshare',
  durationMs: 0,
  at: '',
})
const steps = [
  realisation({ lib: LIB, version: 3, deep: { list: [1, 'two'] } }, [
    { pointer: '/lib', kind: 'tree', object: LIB },
  ]),
  realisation({ src: '/build/src' }, [{ pointer: '/src', kind: 'workTree', object: TREE }]),
  realisation({ src: '/build/src' }, [{ pointer: '/src', kind: 'workTree', object: OTHER }]),
]
const of = (expr: Expr) =>
  resolve(expr, (step) => {
    const found = steps[step]
    assert(found)
    return found
  })
const output = (step: number, ...path: (string | number)[]): Expr => ({ kind: 'output', step, path })

test('an output is the member of the document, with the objects at or below it', () => {
  const whole = of(output(0))
  assert.deepEqual(whole.value, steps[0]?.document)
  assert.deepEqual([...whole.behind], [['/lib', LIB]])
  const scalar = of(output(0, 'deep', 'list', 1))
  assert.equal(scalar.value, 'two')
  assert.equal(scalar.objects.size, 0)
})

test('a member that the step left out is left out of records too, and null by itself', () => {
  const fields = { there: output(0, 'version'), absent: output(0, 'absent') }
  assert.deepEqual(of({ kind: 'record', fields }).value, { there: 3 })
  assert.equal(of(output(0, 'absent', 'deeper')).value, null)
  assert.equal(of(output(0, 'toString')).value, null)
})

test('text brings the object it names along, without a pointer', () => {
  const flag = of({
    kind: 'text',
    parts: [{ kind: 'literal', value: '--with-lib=' }, output(0, 'lib'), { kind: 'literal', value: '/x' }],
  })
  assert.equal(flag.value, `--with-lib=${LIB}/x`)
  assert.deepEqual([...flag.objects], [LIB])
  assert.equal(flag.behind.size, 0)
})

test('records and lists place objects at the pointers of the new document', () => {
  const joined = of({
    kind: 'record',
    fields: { 'a/b': output(0), list: { kind: 'list', items: [output(1)] } },
  })
  assert.deepEqual(
    [...joined.behind],
    [
      ['/a~1b/lib', LIB],
      ['/list/0/src', TREE],
    ],
  )
})

test('an overlay keeps fields below that are not covered, and drops the objects of those that are', () => {
  const merged = of({
    kind: 'overlay',
    below: { kind: 'overlay', below: output(0), above: output(1) },
    above: output(2),
  })
  assert.deepEqual(merged.value, { ...Object(steps[0]?.document), src: '/build/src' })
  assert.deepEqual(
    [...merged.behind].toSorted(([a], [b]) => byCodeUnit(a, b)),
    [
      ['/lib', LIB],
      ['/src', OTHER],
    ],
  )
  assert.deepEqual([...merged.objects].toSorted(), [LIB, OTHER])
})
