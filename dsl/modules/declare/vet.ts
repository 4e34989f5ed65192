// vet.ts — the compiler's check of what a module sets: each mistake becomes one line on the option's own property.
import type { Ref } from '../../step/ref.ts'
import type { IsAny } from '../../types/schema-type.ts'
import type { Atom, Show } from '../../types/show.ts'
import type { AnyStep } from '../../types/walk.ts'
import type { Why } from '../../types/why.ts'
import type { AnyDep, Gives } from './dep.ts'
import type { AnyOption } from './option.ts'
import type { Weighted } from './weight.ts'

/** What gives the members of a config their contextual types, and refuses nothing. */
type Suggested<T> = {
  readonly [K in keyof T]?:
    | (T[K] extends AnyOption
        ? T[K]['~given'] | (() => T[K]['~given']) | Weighted<T[K]['~given']>
        : Suggested<T[K]>)
    | Anything
} & { readonly [name: string]: unknown }
/** Whatever a function in a config may give. */
export type Settled = string | number | boolean | object | null | undefined
/**
 * What a config is inferred from beside `VetConfig`: it makes the compiler find the result of each function in it, with
 * literals kept, before it checks any. Else that check would need the results, and they its outcome (TS7023).
 */
export type Settles<R> = { readonly [name: string]: (() => R) | {} | null | undefined } | Weighted<unknown>
/** A whole config: an object, or one that counts on a condition. */
export type SuggestedConfig<T> = Suggested<T> | Weighted<Suggested<T>>
// Not `unknown`: it would swallow the other members, and with them the literal types.
type Anything = (string & {}) | (number & {}) | boolean | object | null | undefined

type Plain<G> = G extends Weighted<infer V> ? Plain<V> : G extends (...a: never) => infer R ? Plain<R> : G
/** For messages: a reference counts as what it stands for. */
type Unref<T> =
  IsAny<T> extends true
    ? T
    : T extends Ref<infer U>
      ? U
      : T extends Atom
        ? T
        : { [K in keyof T]: Unref<T[K]> }
type OutOf<G> = G extends Gives<infer O> ? O : G

type VetOption<G, T extends AnyOption, P extends string> = [Plain<G>] extends [T['~given']]
  ? G
  : T extends AnyDep
    ? `✗ dependency '${P}': ${Why<OutOf<Plain<G>>, OutOf<T['~given']>>}`
    : Plain<G> extends AnyStep
      ? `✗ option '${P}' needs ${Show<T['~raw']>}, gets a package`
      : `✗ option '${P}': ${Why<Unref<Plain<G>>, T['~raw']>}`

// `Own`: what the module itself declares; of others, read-only options can't be set.
type VetMember<G, T, Own, P extends string> = [T] extends [never]
  ? `✗ there is no option '${P}'`
  : T extends AnyOption
    ? T['~readOnly'] extends true
      ? [Own] extends [never]
        ? `✗ option '${P}' is read-only: it follows from others`
        : VetOption<G, T, P>
      : VetOption<G, T, P>
    : G extends Weighted<infer H>
      ? VetMembers<H, T, Own, `${P}.`> extends infer V
        ? H extends V
          ? G
          : FirstMessage<V, T>
        : never
      : VetMembers<G, T, Own, `${P}.`>
type Member<T, K> = K extends keyof T ? T[K] : never
type VetMembers<G, T, Own, P extends string> = {
  readonly [K in keyof G]: VetMember<G[K], Member<T, K>, Member<Own, K>, `${P}${K & string}`>
}
// Goes down where groups are declared: what a module sets may be as deep as any type.
type FirstMessage<V, T> = {
  [K in keyof V]: V[K] extends `✗${string}`
    ? V[K]
    : Member<T, K> extends infer U
      ? [U] extends [never]
        ? never
        : U extends AnyOption
          ? never
          : FirstMessage<V[K], U>
      : never
}[keyof V]
type VetWhole<G, T, Own> =
  G extends Weighted<infer H>
    ? VetMembers<H, T, Own, ''> extends infer V
      ? H extends V
        ? G
        : FirstMessage<V, T>
      : never
    : VetMembers<G, T, Own, ''>
/** `G`, or what is wrong with it. `T`: all options in reach, `Own`: those that the module itself declares. */
export type VetConfig<G, T, Own> = G extends VetWhole<G, T, Own> ? G : VetWhole<G, T, Own>
