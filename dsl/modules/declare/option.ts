// option.ts — option(): one documented, typed setting of a module. What it is set to is left to ../evaluate.
import type { RuntimeSchema } from '../../chain/node.ts'
import { CodedError } from '../../plan/coded-error.ts'
import type { Artifact } from '../../schema/artifact.ts'
import { onOrOff } from '../../schema/own-schemas.ts'
import type { Ref } from '../../step/ref.ts'
import type { AnySchema } from '../../types/schema-type.ts'
import type { Atom } from '../../types/show.ts'
import type { AnyStep } from '../../types/walk.ts'
import type { ModuleNode } from './node.ts'

/** `T` as `config` gives it: plain data, except that artifacts are references until something is built. */
export type Value<T> = T extends Artifact
  ? Ref<T>
  : T extends Atom
    ? T
    : { readonly [K in keyof T]: Value<T[K]> }
/** `T` as a module may set it: a package stands for the one artifact that it gives. */
export type Given<T> = T extends Artifact
  ? Ref<T> | AnyStep
  : T extends Atom
    ? T
    : { readonly [K in keyof T]: Given<T[K]> }

/** A declared option: `Raw` is what its schema takes, `G` what a module may set, `V` what `config` gives. */
export interface Option<out Raw, out G, out V, RO extends boolean = false> {
  readonly '~option': OptionNode
  readonly '~raw': Raw
  readonly '~given': G
  readonly '~value': V
  readonly '~readOnly': RO
}
// any: options of every type.
export type AnyOption = Option<any, any, any, boolean>
/** Options by name, in groups as deep as one likes. */
export interface Options {
  readonly [name: string]: AnyOption | Options
}
/** What modules read. */
export type ConfigOf<T> = {
  readonly [K in keyof T]: T[K] extends AnyOption ? T[K]['~value'] : ConfigOf<T[K]>
}

export type OptionNode = Documented &
  (
    | {
        readonly kind: 'value'
        readonly schema: RuntimeSchema
        readonly merge: ((values: readonly unknown[]) => unknown) | null
      }
    | { readonly kind: 'dep'; readonly schema: RuntimeSchema }
    | { readonly kind: 'submodules'; readonly module: ModuleNode }
  )
interface Documented {
  readonly description: string
  readonly default: { readonly value: unknown } | null
  readonly example: { readonly value: unknown } | null
  readonly readOnly: boolean
  readonly internal: boolean
}

export interface OptionDocs<G, RO extends boolean> {
  /** What it means, for the person who sets it. */
  readonly description: string
  /** Without a default (and without one in the schema) the option is mandatory: reading it fails when nothing set it. */
  readonly default?: G
  readonly example?: G
  /** Only the module that declares it may set it: others read what follows from their own settings. */
  readonly readOnly?: RO
  /** Left out of `tenon options` and `tenon docs`. */
  readonly internal?: boolean
}
interface ValueDocs<G, RO extends boolean> extends OptionDocs<G, RO> {
  /** In place of: lists concatenate, records merge by key, all else must be equal. Gets the values that count, in order. */
  readonly merge?: (values: readonly G[]) => G
}

/**
 * A setting with a zod schema (either generation): `option(z.string(), { description: 'Released version' })`.
 * @throws CodedError TN1500 for what is no schema, a missing description, an unknown key.
 */
export function option<S extends AnySchema, const RO extends boolean = false>(
  schema: S,
  docs: ValueDocs<Given<S['_input']>, RO>,
): Option<S['_input'], Given<S['_input']>, Value<S['_output']>, NoInfer<RO>> {
  const { merge, ...rest } = docs
  if (merge !== undefined && typeof merge !== 'function') throw malformed('merge is no function')
  const node: OptionNode = {
    ...documented(rest),
    kind: 'value',
    schema: checkedSchema(schema),
    // Called with values that the schema's input type describes.
    merge: (merge as ((values: readonly unknown[]) => unknown) | undefined) ?? null,
  }
  return optionValue(node)
}

/** A boolean that is off unless set. */
export function flag(description: string, on = false): Option<boolean, boolean, boolean> {
  const node: OptionNode = {
    ...documented({ description, default: on }),
    kind: 'value',
    schema: onOrOff,
    merge: null,
  }
  return optionValue(node)
}

/** Its types are the caller's word: they exist for the compiler alone. */
export function optionValue<Raw, G, V, RO extends boolean>(node: OptionNode): Option<Raw, G, V, RO> {
  return Object.freeze({ '~option': Object.freeze(node) }) as Option<Raw, G, V, RO> // as said above
}

const KEYS = ['description', 'default', 'example', 'readOnly', 'internal']

/** The members of a node that all kinds of options share. */
export function documented(docs: Partial<OptionDocs<unknown, boolean>>): Documented {
  const { description, readOnly = false, internal = false } = docs
  if (typeof description !== 'string' || description === '')
    throw malformed('an option has no description', 'Say in one sentence what it means to whoever sets it.')
  for (const key of Object.keys(docs))
    if (!KEYS.includes(key))
      throw malformed(`an option has the unknown key '${key}'`, `Known: ${KEYS.join(', ')}, merge.`)
  const optional = (key: 'default' | 'example'): { readonly value: unknown } | null =>
    docs[key] === undefined ? null : { value: docs[key] }
  return {
    description,
    default: optional('default'),
    example: optional('example'),
    readOnly,
    internal,
  }
}

export function checkedSchema(schema: unknown): RuntimeSchema {
  const isSchema = typeof schema === 'object' && schema !== null && 'safeParse' in schema
  if (isSchema && typeof schema.safeParse === 'function') return schema as unknown as RuntimeSchema // just checked
  throw malformed(`an option has ${typeof schema} in place of a zod schema`)
}

/** @internal */
export function malformed(
  fact: string,
  hint = 'docs/modules.md lists what modules and options take.',
): CodedError {
  return new CodedError('TN1500', fact, { hint })
}

/** The node behind an option; undefined for all other values. */
export function optionNode(value: unknown): OptionNode | undefined {
  return typeof value === 'object' && value !== null && '~option' in value
    ? (value['~option'] as OptionNode) // only optionValue makes such values
    : undefined
}
