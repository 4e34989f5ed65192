// type-budget.test.ts — what chains cost the type checker, in instantiations: the figure repeats exactly, seconds do not.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeCost } from './type-cost.ts'

const imports = "import { z } from 'zod'\nimport { chain, defineStep, record } from 'tenon'\n"
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

/** Definitions of `count` steps, each with types of its own. */
function definitions(count: number): string {
  const step = (i: number): string =>
    `const s${i} = defineStep({ name: 's${i}', params: z.object({ p${i}: z.number().default(1) }), ` +
    `input: z.object({ f${i}: z.string() }), output: z.object({ f${i + 1}: z.string() }), script: 'true' })\n`
  return imports + numbers(count).map(step).join('')
}
const uses = {
  chain: (count: number) =>
    `export const c = chain('c', ${numbers(count)
      .map((i) => `s${i}()`)
      .join(', ')})\n`,
  fluent: (count: number) =>
    `export const c = chain('c')${numbers(count)
      .map((i) => `.step(s${i}())`)
      .join('')}\n`,
  record: (count: number) =>
    `export const c = record('c', { ${numbers(count)
      .map((i) => `'${1000 + i}-step': s${i}()`)
      .join(', ')} })\n`,
}

/** What the form costs beyond the definitions of its steps. */
function cost(form: keyof typeof uses, count: number): number {
  const last = `export const last: string = String(c.output.f${count})\n`
  const whole = typeCost(definitions(count) + uses[form](count) + last)
  assert.deepEqual(whole.errors, [])
  return whole.instantiations - typeCost(definitions(count)).instantiations
}

test('a chain costs the same for each step, at 10, 100 and 300 steps', () => {
  const [ten, hundred, threeHundred] = [cost('chain', 10), cost('chain', 100), cost('chain', 300)] as const
  assert.ok(ten < 4_000, `10 steps: ${ten}`)
  assert.ok(hundred < 28_000, `100 steps: ${hundred}`)
  assert.ok(threeHundred < 80_000, `300 steps: ${threeHundred}`)
  const [first, second] = [(hundred - ten) / 90, (threeHundred - hundred) / 200] as const
  assert.ok(second < 1.1 * first, `a step costs ${first} up to 100 and ${second} up to 300`)
})

test('a record of 100 steps stays within its budget', () => {
  const figure = cost('record', 100)
  assert.ok(figure < 65_000, `100 keys: ${figure}`)
})

test('a fluent chain of 100 steps stays within its budget', () => {
  const figure = cost('fluent', 100)
  assert.ok(figure < 110_000, `100 steps: ${figure}`)
})

const renamed = (count: number): string =>
  `${imports}const s = defineStep({ name: 's', output: z.object({ n: z.number() }), script: 'true' })\n` +
  `export const c = chain('c', ${numbers(count)
    .map((i) => `s().as('s${i}')`)
    .join(', ')})\n`

test('600 steps are checked', () => {
  assert.deepEqual(typeCost(renamed(600)).errors, [])
})

test('what lies beyond the end of the table is refused, not let through unchecked', () => {
  const { errors } = typeCost(renamed(602))
  assert.match(
    errors.join('\n'),
    /"✗ chain too long: 600 steps at most; make chains of parts of it and nest them"/,
  )
  assert.doesNotMatch(errors.join('\n'), /TS2589/)
})
