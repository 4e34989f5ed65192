// vet-steps.ts — the compiler's check of a package's steps: those of its modules as one chain, in order of their keys.
import type { Module as StepRecord, VetModules } from '../../types/modules.ts'
import type { AnyStep } from '../../types/walk.ts'

/** Wider than a record of steps, so that what is none gets a message of its own. */
export interface GivenSteps {
  readonly [name: string]: object | null
}
/** `St`, with a message for each member that is no step. */
export type OnlySteps<St> = {
  [K in keyof St]: St[K] extends AnyStep | null
    ? St[K]
    : `✗ '${K & string}' is no step: call what defineStep gave`
}
type Last<T> = T extends readonly [...unknown[], infer L] ? L : never
type KeysOf<T extends readonly unknown[], Done = never> = T extends readonly [infer H, ...infer R]
  ? KeysOf<R, Done | keyof H>
  : Done
/** A removed step must be one of those below. */
type NotThere<S extends readonly StepRecord[], St> = {
  [K in keyof St]: [St[K]] extends [null]
    ? K extends KeysOf<S>
      ? St[K]
      : `✗ there is no step '${K & string}' to remove`
    : St[K]
}
type Messages<T> = T extends readonly (infer M)[]
  ? M extends unknown
    ? { [K in keyof M]: M[K] extends `✗${string}` ? M[K] : never }[keyof M]
    : never
  : never
/** On the property, or on all removals (else on all) when a step below no longer fits: it did before. */
type Blamed<St, Vetted extends readonly unknown[]> =
  St extends Last<Vetted> ? OnEach<St, Messages<Vetted>> : Last<Vetted>
type Removals<St> = { [K in keyof St]: [St[K]] extends [null] ? K : never }[keyof St]
type OnEach<St, M> = {
  [K in keyof St]: [Removals<St>] extends [never] ? M : K extends Removals<St> ? M : St[K]
}

/** `St`, or what is wrong with it on top of the records `S`. */
export type VetSteps<S extends readonly StepRecord[], St extends GivenSteps> = St extends StepRecord
  ? St extends NotThere<S, St>
    ? readonly [...S, St] extends VetModules<readonly [...S, St]>
      ? St
      : Blamed<St, VetModules<readonly [...S, St]>>
    : NotThere<S, St>
  : OnlySteps<St>

/** The first message about records that come from elsewhere, or `T`. */
export type VetRecords<S extends readonly StepRecord[], T> =
  S extends VetModules<S> ? T : Messages<VetModules<S>>
