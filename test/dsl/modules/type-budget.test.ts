// type-budget.test.ts — what modules cost the type checker, in instantiations: the figure repeats exactly.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeCost } from '../../type-cost.ts'

function instantiations(source: string): number {
  const { instantiations, errors } = typeCost(source)
  assert.deepEqual(errors, [])
  return instantiations
}

/** Measured: 17.8k, 143.5k, 6.1k and 3.3k. */
const BUDGET = { twenty: 24_000, twoHundred: 190_000, extension: 8_000, feature: 4_500 }

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)
const HEAD = `import { z } from 'zod'
import { definePackage, defineModule, defineStep, mkDefault, option } from 'tenon'
const text = z.string()
const step = defineStep({ name: 's', output: z.object({ n: z.number() }), script: 'true' })
`

/** A module of `count` options, half of which follow from others, and of 5 steps. */
function declared(count: number): string {
  const options = numbers(count).map((i) => `o${i}: option(text, { description: 'x', default: 'x' })`)
  const config = numbers(count / 2).map((i) => `o${2 * i}: mkDefault(() => config.o${2 * i + 1})`)
  const steps = numbers(5).map((i) => `'${i}0-s': step()`)
  return `export const base = defineModule({
  options: { ${options.join(', ')} },
  config: ({ config }) => ({ ${config.join(', ')} }),
  steps: () => ({ ${steps.join(', ')} }),
})
`
}
const extended = (times: number): string =>
  "export const p0 = definePackage('p', { imports: [base] })\n" +
  numbers(times)
    .map(
      (i) =>
        `export const p${i + 1} = p${i}.extend({ config: { o${i}: 'y' }, steps: { '${i}5-s': step() } })\n`,
    )
    .join('') +
  `export const last: number = Number(p${times}.output.n)\n`

test('an option costs the same in a module of 20 and in one of 200', () => {
  const nothing = instantiations(HEAD)
  const [some, many] = [20, 200].map((count) => instantiations(HEAD + declared(count)) - nothing)
  assert.ok(some !== undefined && many !== undefined)
  assert.ok(some < BUDGET.twenty, `20 options: ${some}`)
  assert.ok(many < BUDGET.twoHundred, `200 options: ${many}`)
  assert.ok(
    (many - some) / 180 <= some / 20,
    `an option costs ${some / 20} up to 20 and ${(many - some) / 180} up to 200`,
  )
})

test('extending a package of 20 options costs within its budget, each time', () => {
  const once = instantiations(HEAD + declared(20) + extended(1))
  const tenTimes = instantiations(HEAD + declared(20) + extended(10))
  const each = (tenTimes - once) / 9
  assert.ok(each < BUDGET.extension, `an extension: ${each}`)
})

/** Each adds a step to those of one module: all of them together are a diamond. */
const features = (count: number): string =>
  numbers(count)
    .map((i) => `const f${i} = defineModule({ imports: [base], steps: { '${100 + i}-f': step() } })\n`)
    .join('') +
  `export const p = definePackage('p', { imports: [${numbers(count)
    .map((i) => `f${i}`)
    .join(', ')}] })\nexport const n: number = Number(p.output.n)\n`

test('a hundred modules beside each other come together within their budget, and not too deep', () => {
  const [ten, hundred] = [10, 100].map((count) => instantiations(HEAD + declared(20) + features(count)))
  assert.ok(ten !== undefined && hundred !== undefined)
  assert.ok((hundred - ten) / 90 < BUDGET.feature, `a module: ${(hundred - ten) / 90}`)
})
