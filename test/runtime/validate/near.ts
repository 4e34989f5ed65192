// near.ts — values near a recipe: mostly what it accepts, often just not. Leaves deciding that to zod and ajv.
import fc from 'fast-check'
import type { Json } from '../../../dsl/plan/json.ts'
import { json, KEYS, type Format, type Recipe, type RecipeField } from './recipe.ts'

type Value = fc.Arbitrary<Json>

const FORMATTED: Readonly<Record<Format, readonly string[]>> = {
  email: [
    'a@b.co',
    'a.b+c@d-e.org',
    'A@B.COM',
    "o'x@y.zz",
    '.a@b.co',
    'a..b@c.de',
    'a@b',
    'a@b.c',
    '@',
    'ſ@b.co',
    'a@-b.co',
  ],
  url: [
    'https://a.b/c?d#e',
    'http:a',
    'mailto:x@y',
    'ftp://h',
    'a.b',
    '//a',
    'http://',
    'http://a b',
    'http://é.x/😀',
    'c:/x',
    'HTTP://[::1]:8',
  ],
  uuid: [
    '123e4567-e89b-42d3-a456-426614174000',
    '00000000-0000-0000-0000-000000000000',
    '123E4567-E89B-92D3-A456-426614174000',
    '123e4567e89b42d3a456426614174000',
    'x',
  ],
  datetime: [
    '2024-02-29T12:00:00Z',
    '2023-02-29T12:00:00Z',
    '2024-01-01T00:00Z',
    '2024-01-01T00:00:00.123Z',
    '2024-01-01T00:00:00+02:00',
    '2024-01-01T24:00:00Z',
    '2024-01-01',
  ],
  date: ['2024-02-29', '2023-02-29', '2024-1-1', '2024-13-01', '2024-12-31 '],
  cuid2: ['abc1', '', 'A', 'a b'],
  nanoid: ['V1StGXR8_Z5jdHi6B-myT', 'V1StGXR8_Z5jdHi6B-my', 'V1StGXR8_Z5jdHi6B-my ', 'v1stgxr8_z5jdhi6b-myt'],
}
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'w',
    'ab',
    'abc',
    '-',
    'W.',
    'Wx',
    '😀',
    'né',
    '\n',
    'a\nb',
    '12',
    'x+y',
    'xx+y',
    'yw',
    'kk',
    '$^',
  ),
  fc.string({ maxLength: 5 }),
  fc.string({ maxLength: 3, unit: 'grapheme' }),
)
const number = fc.oneof(
  fc.integer({ min: -7, max: 7 }),
  fc.constantFrom(0.5, -1.5, 6, 15, 30, 2 ** 53, 1e300, -1e21, 5e-324),
)
const extra = fc.dictionary(fc.constantFrom('a', 'b', 'zz', 'toString', 'constructor', 'kind'), json, {
  maxKeys: 2,
})

export function near(recipe: Recipe): Value {
  return fc.oneof({ weight: 24, arbitrary: of(recipe) }, { weight: 1, arbitrary: json })
}

function of(recipe: Recipe): Value {
  switch (recipe.kind) {
    case 'text':
      return fc.oneof(
        text,
        ...recipe.checks.flatMap((check) => ('text' in check ? [around(check.text)] : [])),
      )
    case 'format':
      return fc.oneof(
        fc.constant(FORMATTED[recipe.format][0] ?? ''),
        fc.constantFrom(...FORMATTED[recipe.format]),
      )
    case 'number':
      return number
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'unknown':
    case 'never':
      return json
    case 'literal':
      return fc.constant(recipe.value)
    case 'enum':
      return fc.constantFrom(...recipe.values)
    case 'list':
      return fc.array(near(recipe.item), { maxLength: 4 })
    case 'tuple':
      return tuple(recipe.items, recipe.rest)
    case 'record':
      return fc.dictionary(fc.constantFrom(...KEYS, 'zz'), near(recipe.value), { maxKeys: 4 })
    case 'nested':
      return nested(near(recipe.label), 2)
    default:
      return ofMembers(recipe)
  }
}

function ofMembers(
  recipe: Extract<
    Recipe,
    { kind: 'object' | 'union' | 'tagged' | 'both' | 'nullable' | 'readonly' | 'brand' }
  >,
): Value {
  switch (recipe.kind) {
    case 'object':
      return object(recipe.fields)
    case 'union':
      return fc.oneof(...recipe.options.map(near))
    case 'tagged':
      return fc.oneof(...recipe.options.map((option, i) => tagged(near(option), `t${i}`)))
    case 'both':
      return fc
        .tuple(near(recipe.left), near(recipe.right))
        .map(([a, b]) => (isObject(a) && isObject(b) ? { ...a, ...b } : a))
    case 'nullable':
      return fc.oneof(near(recipe.inner), fc.constant(null))
    case 'readonly':
    case 'brand':
      return near(recipe.inner)
  }
}

function around(part: string): Value {
  return fc.tuple(text, text).map(([a, b]) => a + part + b)
}

function tuple(items: readonly Recipe[], rest: Recipe | null): Value {
  const more = fc.array(rest === null ? json : near(rest), { maxLength: rest === null ? 1 : 2 })
  const whole = fc
    .tuple(fc.tuple(...items.map(near)), more)
    .map(([some, others]): Json => [...some, ...others])
  return fc.oneof({ weight: 4, arbitrary: whole }, { weight: 1, arbitrary: fc.constant([]) })
}

function object(fields: Readonly<Record<string, RecipeField>>): Value {
  const members = Object.entries(fields).map(([name, field]) => {
    const present = near(field.recipe).map((value): [string, Json][] => [[name, value]])
    return fc.oneof(
      { weight: 3, arbitrary: present },
      { weight: 1, arbitrary: fc.constant<[string, Json][]>([]) },
    )
  })
  const named = fc.tuple(...members).map((lists): Json => Object.fromEntries(lists.flat()))
  const wide = fc.tuple(named, extra).map(([own, more]): Json => ({ ...more, ...(own as object) })) // an object above
  return fc.oneof({ weight: 2, arbitrary: named }, { weight: 1, arbitrary: wide })
}

function tagged(option: Value, tag: string): Value {
  const kind = fc.constantFrom<Json>(tag, tag, tag, 't0', 't9')
  return fc.tuple(option, kind).map(([value, to]) => (isObject(value) ? { ...value, kind: to } : value))
}

function nested(label: Value, depth: number): Value {
  if (depth === 0) return fc.record({ label, all: fc.constant([]) })
  const inner = nested(label, depth - 1)
  const requiredKeys: ('label' | 'all')[] = ['label', 'all']
  return fc.record(
    { label, all: fc.array(inner, { maxLength: 2 }), next: fc.oneof(inner, json) },
    { requiredKeys },
  )
}

function isObject(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
