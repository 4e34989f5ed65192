// ref.ts — references: what stands for a value that a step will give. Lowering them is left to dsl/lower.
import type { Node } from '../chain/node.ts'
import { CodedError } from '../plan/coded-error.ts'
import type { IsAny } from '../types/schema-type.ts'
import type { Atom } from '../types/show.ts'

/**
 * A value of type `T` that some step will give. Fits wherever params want a `T`, and in template literals; it has no
 * value while planning, so it can't be compared, spread or computed with.
 */
export interface Ref<out T> {
  readonly '~ref': T
  toString(): string
}
/** A reference whose members are references. */
export type Refs<T> =
  IsAny<T> extends true ? Ref<unknown> : [T] extends [Atom] ? Ref<T> : Ref<T> & RefMembers<NonNullable<T>>
type RefMembers<T> = T extends readonly (infer E)[]
  ? { readonly [index: number]: Refs<E> }
  : { readonly [K in keyof T]-?: Refs<{} extends Pick<T, K> ? T[K] | undefined : T[K]> }

/** `T`, where each member at any depth may be a reference. */
export type Loose<T> =
  IsAny<T> extends true ? T : Ref<T> | (T extends Atom ? T : { readonly [K in keyof T]: Loose<T[K]> })

/** Which step's document a reference means, and where in it. */
export interface RefTarget {
  readonly node: Node
  readonly path: readonly string[]
}
const targets = new WeakMap<object, RefTarget>()
const tokens = new Map<string, RefTarget>()
const tokenOf = new WeakMap<RefTarget, string>()

export function refTo(node: Node, path: readonly string[] = []): object {
  return refOf(Object.freeze({ node, path }))
}

/** A reference whose step is found when somebody asks for it: packages made of modules are put together only then. */
export function lazyRef(name: string, find: () => RefTarget): object {
  return refOf(lazyTarget(name, find, []))
}

function lazyTarget(name: string, find: () => RefTarget, below: readonly string[]): RefTarget {
  const target = {
    get node() {
      return find().node
    },
    get path() {
      return [...find().path, ...below]
    },
  }
  lazy.set(target, { name, find, below })
  return Object.freeze(target)
}
const lazy = new WeakMap<
  RefTarget,
  { readonly name: string; readonly find: () => RefTarget; readonly below: readonly string[] }
>()

function memberOf(target: RefTarget, key: string): RefTarget {
  const known = lazy.get(target)
  return known === undefined
    ? Object.freeze({ node: target.node, path: [...target.path, key] })
    : lazyTarget(known.name, known.find, [...known.below, key])
}

/** `zlib.output.prefix`: for people. Asks for no step. */
export function refText(target: RefTarget): string {
  const known = lazy.get(target)
  const [name, path] = known === undefined ? [target.node.name, target.path] : [known.name, known.below]
  return [name, 'output', ...path].join('.')
}

/** The reference that means `target`. */
export function refOf(target: RefTarget): object {
  const ref = new Proxy(Object.freeze({}), {
    get: (_, key) => (typeof key === 'symbol' ? bySymbol(key, target) : byName(key, target)),
    ownKeys: () => {
      throw misused('spread or listed')
    },
  })
  targets.set(ref, target)
  return ref
}

/** What a reference means; undefined for all other values. */
export function refTarget(value: unknown): RefTarget | undefined {
  return typeof value === 'object' && value !== null ? targets.get(value) : undefined
}

function byName(key: string, target: RefTarget): unknown {
  if (key === 'toString' || key === 'valueOf') return () => tokenFor(target)
  if (key === 'toJSON') return () => tokenFor(target)
  return refOf(memberOf(target, key))
}

function bySymbol(key: symbol, target: RefTarget): unknown {
  if (key !== Symbol.toPrimitive) return undefined
  return (hint: string) => {
    if (hint === 'number') throw misused('used as a number')
    return tokenFor(target)
  }
}

function misused(how: string): CodedError {
  return new CodedError('TN1312', `a reference to a step's output is ${how} while planning`, {
    hint: 'Its value is known only when the step has run: hand the reference to a step through params.',
  })
}

// Private-use characters and 128 random bits: no text has this by accident. Only registered tokens count.
const TOKEN_START = '\uE0F1tenon-ref:5e1c7f0a94d84b6fb2c36f1d0a7be853:'
const TOKEN = new RegExp(`${TOKEN_START}[0-9]+\uE0F2`, 'gu')

function tokenFor(target: RefTarget): string {
  const known = tokenOf.get(target)
  if (known !== undefined) return known
  const token = `${TOKEN_START}${tokens.size}\uE0F2`
  tokens.set(token, target)
  tokenOf.set(target, token)
  return token
}

/** The text cut at the references that were interpolated into it; one string when there are none. */
export function textParts(text: string): readonly (string | RefTarget)[] {
  if (!text.includes(TOKEN_START)) return [text]
  const parts: (string | RefTarget)[] = []
  let from = 0
  for (const match of text.matchAll(TOKEN)) {
    const target = tokens.get(match[0])
    if (target === undefined) continue
    if (match.index > from) parts.push(text.slice(from, match.index))
    parts.push(target)
    from = match.index + match[0].length
  }
  if (from < text.length || parts.length === 0) parts.push(text.slice(from))
  return parts
}

/** What the references in a value mean, interpolated ones included. */
export function* refsIn(value: unknown, around: readonly object[] = []): Generator<RefTarget> {
  if (typeof value === 'string') {
    for (const part of textParts(value)) if (typeof part !== 'string') yield part
  } else if (typeof value === 'object' && value !== null && !around.includes(value)) {
    const target = targets.get(value)
    if (target !== undefined) return yield target
    const within = [...around, value]
    for (const member of Object.values(value)) yield* refsIn(member, within)
  }
}

export function hasRefs(value: unknown): boolean {
  return refsIn(value).next().done !== true
}
