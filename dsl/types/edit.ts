// edit.ts — edits of a typed list of steps by name. The edited list is walked again; splitting is not recursive.
import type { IsUnion, OneLine } from './show.ts'
import type { AnyStep, Open, Start, Steps, Walked } from './walk.ts'

export type NamesOf<S extends Steps> = S[number]['name']
type Indices<S extends Steps> = {
  [I in keyof S & `${number}` as S[I] extends { name: infer N extends string } ? N : never]: I
}
type IndexOf<S extends Steps, K> = K extends string ? (Indices<S> & Record<string, unknown>)[K] : never

type Times10<T extends 1[]> = [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T]
interface Ones {
  '0': []
  '1': [1]
  '2': [1, 1]
  '3': [1, 1, 1]
  '4': [1, 1, 1, 1]
  '5': [1, 1, 1, 1, 1]
  '6': [1, 1, 1, 1, 1, 1]
  '7': [1, 1, 1, 1, 1, 1, 1]
  '8': [1, 1, 1, 1, 1, 1, 1, 1]
  '9': [1, 1, 1, 1, 1, 1, 1, 1, 1]
}
/** A tuple as long as the decimal number says. */
type Count<I, Done extends 1[] = []> = I extends `${infer D extends keyof Ones}${infer R}`
  ? Count<R, [...Times10<Done>, ...Ones[D]]>
  : Done
type Anything<T extends readonly unknown[]> = { [K in keyof T]: any } // any: matches each element
type Drop<S extends Steps, I> = S extends readonly [...Anything<Count<I>>, ...infer R] ? R : never
// The rest is inferred first and the prefix by its length: TypeScript infers the other way round as any[], silently.
type Take<S extends Steps, R extends readonly unknown[]> = S extends readonly [...infer L, ...Anything<R>]
  ? L
  : never
type Head<S> = S extends readonly [infer H, ...unknown[]] ? H : never
type Tail<S> = S extends readonly [unknown, ...infer R] ? R : []
type AsSteps<T> = T extends Steps ? T : never
// An unknown name makes TypeScript try all names at once, which would explode.
type From<S extends Steps, K> = IsUnion<K> extends true ? never : Drop<S, IndexOf<S, K>>

export type InsertedBefore<S extends Steps, K, T> =
  From<S, K> extends infer R extends readonly unknown[] ? AsSteps<[...Take<S, R>, T, ...R]> : never
export type InsertedAfter<S extends Steps, K, T> =
  From<S, K> extends infer R extends readonly unknown[]
    ? AsSteps<[...Take<S, R>, Head<R>, T, ...Tail<R>]>
    : never
export type Replaced<S extends Steps, K, T> =
  From<S, K> extends infer R extends readonly unknown[] ? AsSteps<[...Take<S, R>, T, ...Tail<R>]> : never
export type Removed<S extends Steps, K> =
  From<S, K> extends infer R extends readonly unknown[] ? AsSteps<[...Take<S, R>, ...Tail<R>]> : never

/**
 * `T` when the edited list `R` is sound, otherwise its messages; an unknown name (never) is the name's own error.
 * Edits of `S` may not make it need what it did not need before.
 */
export type Edit<R, T, S extends Steps, G> = [R] extends [never] ? T : Judged<T, Walked<R, Input<S, G>>>
type Input<S, G> = G extends Open ? Start<S> : G
type Judged<T, W extends { errors: unknown }> = {} extends W['errors']
  ? T
  : OneLine<W['errors'][keyof W['errors']]>
export type LastName<S extends Steps> = S extends readonly [...unknown[], infer L extends AnyStep]
  ? L['name']
  : '(input)'
