// modules.ts — records of steps as one chain: later records win, null removes, keys order. Messages stand on the property.
import type { Step } from '../step/step.ts'
import type { Ordered } from './key-order.ts'
import type { AnyStep, Steps, Walked } from './walk.ts'

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

/** The steps of records, under their keys, in byte order of the keys. */
export type StepsOf<Ms extends readonly Module[]> =
  Merged<Ms> extends infer M
    ? InOrder<M, Ordered<Live<M>>> extends infer S extends Steps
      ? S
      : never
    : never

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
type Blame<Ms, M, E> = { [I in keyof Ms]: Blamed<Ms[I], M, E> }
type Judged<Ms, M, S, W extends { errors: unknown }> = {} extends W['errors']
  ? Ms
  : Blame<Ms, M, ByKey<W['errors'], S>>
type KeysAreKnown<M> = string extends keyof M ? false : [keyof M & number] extends [never] ? true : false
/** `Ms`, with misfits replaced by their messages. */
export type VetModules<Ms extends readonly Module[]> =
  KeysAreKnown<Merged<Ms>> extends true
    ? Judged<Ms, Merged<Ms>, StepsOf<Ms>, Walked<StepsOf<Ms>>>
    : Blame<Ms, {}, {}>
