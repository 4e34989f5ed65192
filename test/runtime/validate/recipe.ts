// recipe.ts — schemas to be tried, as data that zod 3 and zod 4 can both be made from, and values near them. Leaves comparing to agreement.test.ts.
import fc from 'fast-check'
import type { Json } from '../../../dsl/plan/json.ts'

export type Format = 'email' | 'url' | 'uuid' | 'datetime' | 'date' | 'cuid2' | 'nanoid'
export type TextCheck =
  | { readonly is: 'min' | 'max' | 'length'; readonly n: number }
  | { readonly is: 'startsWith' | 'endsWith' | 'includes'; readonly text: string }
  | { readonly is: 'regex'; readonly regex: RegExp }
export interface NumberCheck {
  readonly is: 'int' | 'min' | 'max' | 'gt' | 'lt' | 'multipleOf'
  readonly n: number
}
export type Presence = 'required' | 'optional' | 'default' | 'prefault' | 'optional default' | 'nullish'
export interface RecipeField {
  readonly recipe: Recipe
  readonly presence: Presence
  readonly candidate: Json // for the default, when the schema takes it
}
export type Recipe =
  | { readonly kind: 'text'; readonly checks: readonly TextCheck[] }
  | { readonly kind: 'format'; readonly format: Format }
  | { readonly kind: 'number'; readonly checks: readonly NumberCheck[] }
  | { readonly kind: 'boolean' | 'null' | 'unknown' | 'never' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean }
  | { readonly kind: 'enum'; readonly values: readonly [string, ...string[]] }
  | { readonly kind: 'list'; readonly item: Recipe; readonly min: number | null; readonly max: number | null }
  | { readonly kind: 'tuple'; readonly items: readonly Recipe[]; readonly rest: Recipe | null }
  | {
      readonly kind: 'object'
      readonly fields: Readonly<Record<string, RecipeField>>
      readonly rest: 'strip' | 'strict' | 'loose' | Recipe
    }
  | { readonly kind: 'record'; readonly keys: 'any' | 'checked' | 'enum'; readonly value: Recipe }
  | { readonly kind: 'union'; readonly options: readonly Recipe[] }
  | { readonly kind: 'tagged'; readonly options: readonly (Recipe & { readonly kind: 'object' })[] } // tag: `kind`, 't0', 't1', …
  | { readonly kind: 'both'; readonly left: Recipe; readonly right: Recipe }
  | { readonly kind: 'nullable' | 'readonly' | 'brand'; readonly inner: Recipe }
  | { readonly kind: 'nested'; readonly label: Recipe } // { label, next?: itself, all: itself[] }

const NAMES = ['a', 'b', 'c', 'x-y', 'né/~%'] as const
export const KEYS = ['a', 'b', 'kk'] as const
const word = fc.constantFrom(
  '',
  'a',
  'w',
  'ab',
  '-',
  'W.',
  'x+y',
  '😀',
  'né',
  '\n',
  'abc',
  '2024-01-31',
  '$^',
)
const REGEXES = [/^a/, /b$/, /^[a-z]+$/, /^.$/, /\d{2,}/, /^[^/]*$/, /(?<!x)y|w/, /-/g]

const textCheck: fc.Arbitrary<TextCheck> = fc.oneof(
  fc.record({ is: fc.constantFrom('min' as const, 'max' as const, 'length' as const), n: fc.nat(4) }),
  fc.record({
    is: fc.constantFrom('startsWith' as const, 'endsWith' as const, 'includes' as const),
    text: word,
  }),
  fc.record({ is: fc.constant('regex' as const), regex: fc.constantFrom(...REGEXES) }),
)
const numberCheck: fc.Arbitrary<NumberCheck> = fc.oneof(
  fc.record({ is: fc.constant('int' as const), n: fc.constant(0) }),
  fc.record({
    is: fc.constantFrom('min' as const, 'max' as const, 'gt' as const, 'lt' as const),
    n: fc.integer({ min: -5, max: 5 }),
  }),
  fc.record({ is: fc.constant('multipleOf' as const), n: fc.constantFrom(1, 2, 3, 5) }),
)
/** Any JSON; not -0 and not `__proto__`, which a document cannot have (validate.test.ts). */
export const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 1 })
  .map((value) => JSON.stringify(value))
  .filter((text) => !text.includes('"__proto__"'))
  .map((text) => JSON.parse(text) as Json) // JSON text
const bound: fc.Arbitrary<number | null> = fc.option(fc.nat(3), { nil: null })
const presence = fc.constantFrom<Presence>(
  'required',
  'required',
  'optional',
  'default',
  'prefault',
  'optional default',
  'nullish',
)

export const recipe: fc.Arbitrary<Recipe> = fc.letrec<{
  recipe: Recipe
  leaf: Recipe
  object: Recipe & { kind: 'object' }
  field: RecipeField
}>((tie) => ({
  leaf: fc.oneof<fc.Arbitrary<Recipe>[]>(
    fc.record({ kind: fc.constant('text'), checks: fc.array(textCheck, { maxLength: 2 }) }),
    fc.record({
      kind: fc.constant('format'),
      format: fc.constantFrom('email', 'url', 'uuid', 'datetime', 'date', 'cuid2', 'nanoid'),
    }),
    fc.record({ kind: fc.constant('number'), checks: fc.array(numberCheck, { maxLength: 2 }) }),
    fc.record({ kind: fc.constantFrom('boolean', 'null', 'unknown', 'boolean') }),
    fc.record({ kind: fc.constant('literal'), value: fc.constantFrom('a', '', 0, 1.5, true, false) }),
    fc.record({ kind: fc.constant('enum'), values: fc.constantFrom(['a'], ['a', 'b'], ['kk', '', 'w']) }),
  ),
  field: fc.record({
    recipe: tie('recipe'),
    presence,
    candidate: json,
  }),
  object: fc.record({
    kind: fc.constant('object'),
    fields: fc.dictionary(fc.constantFrom(...NAMES), tie('field'), { maxKeys: 4 }),
    rest: fc.oneof(fc.constantFrom('strip', 'strip', 'strict', 'loose'), tie('leaf')),
  }),
  recipe: fc.oneof<fc.Arbitrary<Recipe>[]>(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('object'),
    fc.record({ kind: fc.constant('never') }),
    fc.record({
      kind: fc.constant('list'),
      item: tie('recipe'),
      min: bound,
      max: bound,
    }),
    fc.record({
      kind: fc.constant('tuple'),
      items: fc.array(tie('recipe'), { maxLength: 3 }),
      rest: fc.option(tie('recipe'), { nil: null }),
    }),
    fc.record({
      kind: fc.constant('record'),
      keys: fc.constantFrom('any', 'checked', 'enum'),
      value: tie('recipe'),
    }),
    fc.record({
      kind: fc.constant('union'),
      options: fc.array(tie('recipe'), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('tagged'),
      options: fc.array(tie('object'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant('both'), left: tie('object'), right: tie('object') }),
    fc.record({ kind: fc.constant('both'), left: tie('recipe'), right: tie('recipe') }),
    fc.record({ kind: fc.constantFrom('nullable', 'readonly', 'brand'), inner: tie('recipe') }),
    fc.record({ kind: fc.constant('nested'), label: tie('leaf') }),
  ),
})).recipe
