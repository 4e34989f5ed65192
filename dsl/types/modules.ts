// modules.ts — steps by name as one chain: of records later ones win, of modules those that know of others; null removes, keys order.
import type { Ref, Refs } from '../step/ref.ts'
import type { Step } from '../step/step.ts'
import type { Ordered } from './key-order.ts'
import type { AnySteps, RecordOf } from './supply.ts'
import type { AnyStep, Open, OutOf, Start, Steps, Unplanned, Walked } from './walk.ts'

export type Module = { readonly [key: string]: AnyStep | null }

type Over<A, B> = { [K in keyof A | keyof B]: K extends keyof B ? B[K] : K extends keyof A ? A[K] : never }
type Merged<Ms extends readonly unknown[], Done = {}> = Ms extends readonly [infer H, ...infer R]
  ? Merged<R, Over<Done, H>>
  : Done
type Live<M> = { [K in keyof M & string]: M[K] extends null ? never : K }[keyof M & string]
type Named<S, K extends string> = S extends AnyStep ? Step<K, S['~in'], S['~out'], S['mode']> : never
type InOrder<M, Keys> = {
  [I in keyof Keys]: Keys[I] extends keyof M & string ? Named<M[Keys[I]], Keys[I]> : never
}

/** The steps of one record. */
export type Listed<M> = InOrder<M, Ordered<Live<M>>> extends infer S extends Steps ? S : never
/** The steps of records, under their keys, in byte order of the keys. */
export type StepsOf<Ms extends readonly Module[]> = Merged<Ms> extends infer M ? Listed<M> : never

/** What a package needs and gives whose modules supply `V`: anything may be true of one that only planning knows. */
export type InputOf<V> = [V] extends [AnySteps] ? unknown : Start<Listed<RecordOf<V>>>
export type OutputOf<V> = [V] extends [AnySteps] ? Unplanned : OutOf<Listed<RecordOf<V>>>
export type OutputRefs<V> = [V] extends [AnySteps]
  ? Readonly<Record<string, Ref<Unplanned>>>
  : Refs<OutOf<Listed<RecordOf<V>>>>

type ByKey<Errors, S> = {
  [I in keyof Errors & keyof S as S[I] extends AnyStep ? S[I]['name'] : never]: Errors[I]
}
type OpenKeys = '✗ the keys of this record are not known, so its steps cannot be checked'
type Numeric<K extends number> = `✗ write this key as a string: '${K}'`
// A message goes to the record that supplied the step: in it the property is what the merged record has.
type Blamed<Mod, M, E> = {
  [K in keyof Mod]: string extends K
    ? OpenKeys
    : number extends K
      ? OpenKeys
      : K extends number
        ? Numeric<K>
        : K extends keyof E & keyof M
          ? Mod[K] extends M[K]
            ? E[K]
            : Mod[K]
          : Mod[K]
}
/** What the first step would need if nothing were removed: to remove a step may not make the chain need more. */
type Input<Ms, M> = null extends M[keyof M] ? Start<Listed<Kept<Ms>>> : Open
type Kept<Ms, Done = {}> = Ms extends readonly [infer H, ...infer R]
  ? Kept<R, Over<Done, { [K in keyof H as [H[K]] extends [null] ? never : K]: H[K] }>>
  : Done
type Blame<Ms, M, E> = { [I in keyof Ms]: Blamed<Ms[I], M, E> }
type Judged<Ms, M, S, W extends { errors: unknown }> = {} extends W['errors']
  ? Ms
  : Blame<Ms, M, ByKey<W['errors'], S>>
type KeysAreKnown<M> = string extends keyof M ? false : [keyof M & number] extends [never] ? true : false
/** `Ms`, with misfits replaced by their messages. */
export type VetModules<Ms extends readonly Module[]> =
  KeysAreKnown<Merged<Ms>> extends true
    ? Judged<Ms, Merged<Ms>, StepsOf<Ms>, Walked<StepsOf<Ms>, Input<Ms, Merged<Ms>>>>
    : Blame<Ms, {}, {}>
