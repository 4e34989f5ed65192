// vet-steps.ts — the compiler's check of a package's steps: those of its modules as one chain, in order of their keys.
import type { Listed } from '../../types/modules.ts'
import type { OneLine } from '../../types/show.ts'
import type { AnySteps, Beside, Contested, HasUnknownSteps, OnTop, RecordOf } from '../../types/supply.ts'
import type { AnyStep, Start, Walked } from '../../types/walk.ts'

/** Wider than a record of steps, so that what is none gets a message of its own. */
export interface GivenSteps {
  readonly [name: string]: object | null | undefined
}
type InPairs<Vs extends readonly unknown[], Done extends readonly unknown[] = []> = Vs extends readonly [
  infer A,
  infer B,
  ...infer R,
]
  ? InPairs<R, [...Done, Beside<A, B>]>
  : [...Done, ...Vs]
// In pairs: one after the other would be as deep as there are modules (TS2589 after about 40).
type Together<Vs extends readonly unknown[]> = number extends Vs['length']
  ? AnySteps
  : Vs extends readonly []
    ? {}
    : Vs extends readonly [infer V]
      ? V
      : Together<InPairs<Vs>>
type SuppliesOfEach<I> = { [K in keyof I]: I[K] extends { readonly '~steps': infer V } ? V : AnySteps }
/** The steps of imported modules, together. */
export type SuppliesOf<I> =
  SuppliesOfEach<I> extends infer Vs extends readonly unknown[] ? Together<Vs> : AnySteps

/** `St`, with a message for each member that is no step, or that removes one which is not in `V`. */
type VetMembers<V, St> = {
  [K in keyof St]: K extends number
    ? `✗ write this key as a string: '${K}'`
    : [St[K]] extends [null]
      ? K extends keyof V
        ? St[K]
        : [V] extends [AnySteps]
          ? St[K]
          : `✗ there is no step '${K & string}' to remove`
      : [Exclude<St[K], null | undefined>] extends [AnyStep]
        ? St[K]
        : `✗ '${K & string}' is no step: call what defineStep gave`
}
type Removals<St> = { [K in keyof St]: [St[K]] extends [null] ? K : never }[keyof St]
/** Messages by the name of the step that they are about. */
type ByName<Errors, S> = {
  [I in keyof Errors & keyof S as S[I] extends AnyStep ? S[I]['name'] : never]: Errors[I]
}
/** On the steps that do not fit; on all removals (else on all) when those are steps below, which fitted before. */
type Blamed<St, E> = [keyof E & keyof St] extends [never]
  ? OnEach<St, [Removals<St>] extends [never] ? keyof St : Removals<St>, OneLine<E[keyof E]>>
  : { [K in keyof St]: K extends keyof E ? E[K] : St[K] }
type OnEach<St, Where, M> = { [K in keyof St]: K extends Where ? M : St[K] }

/** Without those that a message on the imports is about. */
type IsSettled<V, St> = [V] extends [AnySteps]
  ? false
  : [St] extends [undefined]
    ? true
    : HasUnknownSteps<St> extends true
      ? false
      : [Exclude<Contested<V>, keyof St>] extends [never]
        ? true
        : false
/** A removal may not make the chain need what it did not need before. */
type Misfits<V, St, S> = [Removals<St>] extends [never] ? Walked<S> : Walked<S, Start<Listed<RecordOf<V>>>>
type Judged<St, S, W extends { errors: unknown }> = {} extends W['errors']
  ? St
  : Blamed<St, ByName<W['errors'], S>>
type VetChain<V, St> =
  Listed<RecordOf<OnTop<V, St, unknown>>> extends infer S ? Judged<St, S, Misfits<V, St, S>> : never

/** `St`, or what is wrong with its members by themselves. */
export type VetOwnSteps<V, St> = [St] extends [undefined]
  ? St
  : St extends VetMembers<V, St>
    ? St
    : VetMembers<V, St>
/** `St`, or what is wrong with it on top of the supplies `V`. */
export type VetSteps<V, St> = [St] extends [undefined]
  ? St
  : St extends VetMembers<V, St>
    ? IsSettled<V, St> extends true
      ? VetChain<V, St>
      : St
    : VetMembers<V, St>

type Collision<K> = K extends string
  ? `✗ two modules that do not know of each other give the step '${K}'`
  : never
/** `I`, or what is wrong with the supplies `V` that it is a part of, and that `St` does not decide. */
export type VetImports<V, I, St> = [V] extends [AnySteps]
  ? I
  : [Exclude<Contested<V>, keyof St>] extends [never]
    ? [St] extends [undefined]
      ? {} extends Walked<Listed<RecordOf<V>>>['errors']
        ? I
        : OneLine<Walked<Listed<RecordOf<V>>>['errors'][keyof Walked<Listed<RecordOf<V>>>['errors']]>
      : I
    : [St] extends [undefined]
      ? OneLine<Collision<Contested<V>>>
      : HasUnknownSteps<St> extends true
        ? I
        : OneLine<Collision<Exclude<Contested<V>, keyof St>>>
