// make3.ts — a recipe as a zod 3 schema.
import { z } from 'zod/v3'
import {
  KEYS,
  type Format,
  type NumberCheck,
  type Recipe,
  type RecipeField,
  type TextCheck,
} from './recipe.ts'

const FORMATS: Readonly<Record<Format, () => z.ZodTypeAny>> = {
  email: () => z.string().email(),
  url: () => z.string().url(),
  uuid: () => z.string().uuid(),
  datetime: () => z.string().datetime({ offset: true }),
  date: () => z.string().date(),
  cuid2: () => z.string().cuid2(),
  nanoid: () => z.string().nanoid(),
}

export function make3(recipe: Recipe): z.ZodTypeAny {
  switch (recipe.kind) {
    case 'text':
      return recipe.checks.reduce(text, z.string())
    case 'format':
      return FORMATS[recipe.format]()
    case 'number':
      return recipe.checks.reduce(number, z.number())
    case 'boolean':
      return z.boolean()
    case 'null':
      return z.null()
    case 'unknown':
      return z.unknown()
    case 'never':
      return z.never()
    case 'literal':
      return z.literal(recipe.value)
    case 'enum':
      return z.enum([...recipe.values])
    case 'nullable':
      return make3(recipe.inner).nullable()
    case 'readonly':
      return make3(recipe.inner).readonly()
    case 'brand':
      return make3(recipe.inner).brand<'B'>()
    default:
      return many(recipe)
  }
}

function many(
  recipe: Extract<
    Recipe,
    { kind: 'list' | 'tuple' | 'object' | 'record' | 'union' | 'tagged' | 'both' | 'nested' }
  >,
): z.ZodTypeAny {
  switch (recipe.kind) {
    case 'list': {
      const list = z.array(make3(recipe.item))
      const least = recipe.min === null ? list : list.min(recipe.min)
      return recipe.max === null ? least : least.max(recipe.max)
    }
    case 'tuple': {
      const items = z.tuple(recipe.items.map(make3) as []) // zod types the empty tuple only for literals
      return recipe.rest === null ? items : items.rest(make3(recipe.rest))
    }
    case 'object':
      return object(recipe)
    case 'record':
      return z.record(
        recipe.keys === 'any' ? z.string() : recipe.keys === 'enum' ? z.enum(KEYS) : z.string().min(2),
        make3(recipe.value),
      )
    case 'union':
      return z.union(recipe.options.map(make3) as [z.ZodTypeAny, z.ZodTypeAny]) // two or three
    case 'tagged': {
      const [first, ...more] = recipe.options.map((option, i) =>
        object(option).extend({ kind: z.literal(`t${i}`) }),
      )
      return first === undefined ? z.never() : z.discriminatedUnion('kind', [first, ...more])
    }
    case 'both':
      return z.intersection(make3(recipe.left), make3(recipe.right))
    case 'nested': {
      const label = make3(recipe.label)
      const node: z.ZodTypeAny = z.object({
        label,
        all: z.array(z.lazy(() => node)),
        next: z.lazy(() => node).optional(),
      })
      return node
    }
  }
}

function object(
  recipe: Recipe & { readonly kind: 'object' },
): z.ZodObject<z.ZodRawShape, z.UnknownKeysParam, z.ZodTypeAny> {
  const shape = Object.fromEntries(Object.entries(recipe.fields).map(([name, of]) => [name, field(of)]))
  if (recipe.rest === 'strip') return z.object(shape)
  if (recipe.rest === 'strict') return z.object(shape).strict()
  return recipe.rest === 'loose'
    ? z.object(shape).passthrough()
    : z.object(shape).catchall(make3(recipe.rest))
}

function field({ recipe, presence, candidate }: RecipeField): z.ZodTypeAny {
  const schema = make3(recipe)
  if (presence === 'required') return schema
  if (presence === 'nullish') return schema.nullish()
  const parsed = presence === 'optional' ? { success: false as const } : schema.safeParse(candidate)
  if (!parsed.success || parsed.data === undefined) return schema.optional()
  if (presence !== 'optional default') return schema.default(candidate)
  return schema.default(candidate).optional()
}

function text(schema: z.ZodString, check: TextCheck): z.ZodString {
  switch (check.is) {
    case 'regex':
      return schema.regex(check.regex)
    case 'min':
    case 'max':
    case 'length':
      return schema[check.is](check.n)
    case 'startsWith':
    case 'endsWith':
    case 'includes':
      return schema[check.is](check.text)
  }
}
function number(schema: z.ZodNumber, check: NumberCheck): z.ZodNumber {
  if (check.is === 'int' || check.is === 'multipleOf') return schema.int() // multipleOf() of zod 3 is refused
  return schema[check.is](check.n)
}
