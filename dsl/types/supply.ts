// supply.ts — steps of modules at type level: whose step stands under each name, as planning decides it. The chain of them is modules.ts's.
import type { IsAny } from './schema-type.ts'
import type { IsUnion } from './show.ts'

/**
 * A step, or null, as one module gives it, and those of other modules that it replaces. `Names`: of all that the module
 * declares and gives. They tell modules apart as far as types can; whether two of the same type are one, planning decides.
 */
export interface Supply<out S, out Names, out Over> {
  readonly step: S
  readonly names: Names
  readonly over: Over
}
interface Identity<in out S, in out Names> {
  readonly '~same': (each: [S, Names]) => [S, Names]
}
/** In place of supplies by name: not all names are known, so all is left to planning. */
export interface AnySteps {
  readonly '~anySteps': true
}

type IsOpen<V> = IsAny<V> extends true ? true : [V] extends [AnySteps] ? true : false
type Self<A> = A extends Supply<infer S, infer Names, unknown> ? Identity<S, Names> : never
type OverOf<A> = A extends Supply<unknown, unknown, infer Over> ? Over : never
type Left<A, Replaced> = A extends unknown ? ([Self<A>] extends [Replaced] ? never : A) : never
/** Who knows of the other one replaces its step; a union of two stays until somebody who knows both decides. */
type Met<A, B> = Left<A, OverOf<B>> | Left<B, OverOf<A>>
type Met2<A, B> = {
  readonly [K in keyof A | keyof B]: K extends keyof A
    ? K extends keyof B
      ? Met<A[K], B[K]>
      : A[K]
    : B[K & keyof B]
}
/** What modules give that stand beside each other. */
export type Beside<A, B> = true extends IsOpen<A> | IsOpen<B>
  ? AnySteps
  : [keyof A] extends [never]
    ? B
    : [keyof B] extends [never]
      ? A
      : [keyof A & keyof B] extends [never]
        ? A & B
        : Met2<A, B>

/** A value that is one step, or null: not perhaps missing, and not one of several. */
type IsDoubtful<St, K extends keyof St> =
  {} extends Pick<St, K>
    ? true
    : IsAny<St[K]> extends true
      ? true
      : [St[K]] extends [null]
        ? false
        : null extends St[K]
          ? true
          : undefined extends St[K]
            ? true
            : false
/** Whether not all names of a record of steps are known: planning sees them. `{}` says nothing of its members. */
export type HasUnknownSteps<St> = [St] extends [never]
  ? true
  : IsAny<St> extends true
    ? true
    : [keyof St] extends [never]
      ? true
      : true extends { [K in keyof St]-?: IsDoubtful<St, K> }[keyof St]
        ? true
        : IsUnion<St>

/** `V` with the steps of a module that knows of all in it. No steps: undefined. */
export type OnTop<V, St, Names> = [St] extends [undefined]
  ? V
  : true extends IsOpen<V> | HasUnknownSteps<St>
    ? AnySteps
    : {
        readonly [K in keyof V | keyof St]: K extends keyof St
          ? Supply<St[K], Names, K extends keyof V ? Self<V[K]> | OverOf<V[K]> : never>
          : V[K & keyof V]
      }

/** Names whose step two modules give that do not know of each other; to remove it they may agree. */
export type Contested<V> = {
  [K in keyof V]: IsUnion<V[K]> extends true ? ([StepOf<V[K]>] extends [null] ? never : K) : never
}[keyof V]
type StepOf<A> = A extends Supply<infer S, unknown, unknown> ? S : never
/** The record that is left. */
export type RecordOf<V> = {
  readonly [K in keyof V]: V[K] extends Supply<infer S, unknown, unknown> ? S : never
}
