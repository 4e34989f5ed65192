// cost.test.ts — the cost of modules follows what is read: counted, not timed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import {
  defineModule,
  definePackage,
  evalModules,
  mkDefault,
  option,
  type AnyModule,
} from '../../../dsl/index.ts'

interface Counts {
  listed: number
  values: number
  parsed: number
}

/** `count` modules of 20 options; each option follows from the one before it. */
function manyModules(count: number): { modules: readonly AnyModule[]; counts: Counts } {
  const counts: Counts = { listed: 0, values: 0, parsed: 0 }
  const schema = z.string().check(() => void counts.parsed++)
  const untyped = defineModule as unknown as (definition: unknown) => AnyModule // keys that are computed have no types
  const modules = Array.from({ length: count }, (_, i) => {
    const names = Array.from({ length: 20 }, (_, j) => `option${j}`)
    const options = {
      [`module${i}`]: Object.fromEntries(
        names.map((name) => [name, option(schema, { description: 'A text', default: 'x' })]),
      ),
    }
    const config = (context: { config: Record<string, Record<string, string>> }) => {
      counts.listed++
      const value = (j: number) => () => {
        counts.values++
        return j === 0 ? 'first' : `${context.config[`module${i}`]?.[`option${j - 1}`]}`
      }
      return { [`module${i}`]: Object.fromEntries(names.map((name, j) => [name, mkDefault(value(j))])) }
    }
    return untyped({ options, config })
  })
  return { modules, counts }
}

test('of 1,000 modules with 20 options each, reading one option computes that one', () => {
  const { modules, counts } = manyModules(1000)
  const { config } = evalModules(modules)
  assert.deepEqual(counts, { listed: 0, values: 0, parsed: 0 })
  assert.equal(Reflect.get(Reflect.get(config, 'module500'), 'option0'), 'first')
  assert.deepEqual(counts, { listed: 1000, values: 1, parsed: 1 })
  assert.equal(Reflect.get(Reflect.get(config, 'module999'), 'option4'), 'first')
  assert.deepEqual(counts, { listed: 1000, values: 6, parsed: 6 })
})

test('reading everything computes everything once', () => {
  const { modules, counts } = manyModules(100)
  const { config } = evalModules(modules)
  for (let i = 0; i < 2; i++) JSON.stringify(config)
  assert.deepEqual(counts, { listed: 100, values: 2000, parsed: 2000 })
})

test('defining and extending a package evaluates nothing', () => {
  const { modules, counts } = manyModules(3)
  interface Extensible {
    extend(definition: {}): Extensible
  }
  let extended: Extensible = definePackage('x', { imports: modules })
  for (let i = 0; i < 100; i++) extended = extended.extend({})
  assert.deepEqual(counts, { listed: 0, values: 0, parsed: 0 })
})

test('a module remembers one place, however many options it declares and sets', (t) => {
  const captured = t.mock.method(Error, 'captureStackTrace')
  const { modules } = manyModules(1000)
  const { config } = evalModules(modules)
  assert.equal(Reflect.get(Reflect.get(config, 'module500'), 'option19'), 'first')
  assert.equal(captured.mock.callCount(), 1001)
})
