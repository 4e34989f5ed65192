// make4.ts — a recipe as a zod 4 schema.
import { z } from 'zod'
import {
  KEYS,
  type Format,
  type NumberCheck,
  type Recipe,
  type RecipeField,
  type TextCheck,
} from './recipe.ts'

const FORMATS: Readonly<Record<Format, () => z.ZodType>> = {
  email: () => z.email(),
  url: () => z.url(),
  uuid: () => z.uuid(),
  datetime: () => z.iso.datetime({ offset: true }),
  date: () => z.iso.date(),
  cuid2: () => z.cuid2(),
  nanoid: () => z.nanoid(),
}

export function make4(recipe: Recipe): z.ZodType {
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
      return z.enum(recipe.values)
    case 'nullable':
      return make4(recipe.inner).nullable()
    case 'readonly':
      return make4(recipe.inner).readonly()
    case 'brand':
      return make4(recipe.inner).brand('B')
    default:
      return many(recipe)
  }
}

function many(
  recipe: Extract<
    Recipe,
    { kind: 'list' | 'tuple' | 'object' | 'record' | 'union' | 'tagged' | 'both' | 'nested' }
  >,
): z.ZodType {
  switch (recipe.kind) {
    case 'list': {
      const list = z.array(make4(recipe.item))
      const least = recipe.min === null ? list : list.min(recipe.min)
      return recipe.max === null ? least : least.max(recipe.max)
    }
    case 'tuple': {
      const items = recipe.items.map(make4) as [z.ZodType] // zod types only literal tuples
      return recipe.rest === null ? z.tuple(items) : z.tuple(items, make4(recipe.rest))
    }
    case 'object':
      return object(recipe)
    case 'record':
      return z.record(
        recipe.keys === 'any' ? z.string() : recipe.keys === 'enum' ? z.enum(KEYS) : z.string().min(2),
        make4(recipe.value),
      )
    case 'union':
      return z.union(recipe.options.map(make4))
    case 'tagged': {
      const [first, ...more] = recipe.options.map((option, i) =>
        object(option).extend({ kind: z.literal(`t${i}`) }),
      )
      return first === undefined ? z.never() : z.discriminatedUnion('kind', [first, ...more])
    }
    case 'both':
      return z.intersection(make4(recipe.left), make4(recipe.right))
    case 'nested': {
      const label = make4(recipe.label)
      const node: z.ZodType = z.object({
        label,
        all: z.array(z.lazy(() => node)),
        get next() {
          return node.optional()
        },
      })
      return node
    }
  }
}

function object(recipe: Recipe & { readonly kind: 'object' }): z.ZodObject {
  const shape = Object.fromEntries(Object.entries(recipe.fields).map(([name, of]) => [name, field(of)]))
  if (recipe.rest === 'strip') return z.object(shape)
  if (recipe.rest === 'strict') return z.strictObject(shape)
  return recipe.rest === 'loose' ? z.looseObject(shape) : z.object(shape).catchall(make4(recipe.rest))
}

function field({ recipe, presence, candidate }: RecipeField): z.ZodType {
  const schema = make4(recipe)
  if (presence === 'required') return schema
  if (presence === 'nullish') return schema.nullish()
  const parsed = presence === 'optional' ? { success: false as const } : schema.safeParse(candidate)
  if (!parsed.success || parsed.data === undefined) return schema.optional()
  if (presence === 'prefault') return schema.prefault(candidate)
  return presence === 'default' ? schema.default(parsed.data) : schema.default(parsed.data).optional()
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
  return check.is === 'int' ? schema.int() : schema[check.is](check.n)
}
