// walk.ts — the check of a list of steps: does each output fit the next input? One message per misfit, linear cost.
import type { Mode, Node } from '../chain/node.ts'
import type { IsAny } from './schema-type.ts'
import type { MaxSteps, Succ } from './succ.ts'
import type { Why } from './why.ts'

/** What the check looks at; a chain and a parallel are steps too. */
export interface AnyStep {
  readonly name: string
  readonly mode: Mode
  readonly '~in': any // any: every step's
  readonly '~out': any // any: every step's
  readonly '~node': Node
}
export type Steps = readonly AnyStep[]

/** A document of which only planning knows what is in it: it fits everywhere, and planning checks it. */
export type Unplanned = never
type Flat<T> = { [K in keyof T]: T[K] }
type Lay<A, B> = { [K in keyof A | keyof B]: K extends keyof B ? B[K] : K extends keyof A ? A[K] : never }
type LayMaybe<A, B> = Flat<
  { [K in keyof A]: K extends keyof B ? A[K] | B[K] : A[K] } & { [K in Exclude<keyof B, keyof A>]?: B[K] }
>
type And<A, New> = [keyof New] extends [never] ? A : A & New
// By intersection where it can be: a mapped type over a mapped type costs depth at each step (TS2589 after about 50).
// `A` grows with each carrying step, so it stands in as few conditions as possible.
type Over<A, O, Common extends keyof A & keyof O> = [Common] extends [never]
  ? A & O
  : [A] extends [Unplanned]
    ? Unplanned
    : [Pick<A, Common>, Pick<O, Common>] extends [Pick<O, Common>, Pick<A, Common>]
      ? And<A, Omit<O, Common>>
      : Lay<A, O>
type OverMaybe<A, O, Common extends keyof A & keyof O> = [Common] extends [never]
  ? A & Partial<O>
  : [A] extends [Unplanned]
    ? Unplanned
    : [Pick<A, Common>, Pick<O, Common>] extends [Pick<O, Common>, Pick<A, Common>]
      ? And<A, Partial<Omit<O, Common>>>
      : LayMaybe<A, O>
/** The document after step `S` when it was `A` before. */
export type After<A, S extends AnyStep> = S['mode'] extends 'map'
  ? S['~out']
  : S['mode'] extends 'carry'
    ? Over<A, S['~out'], keyof A & keyof S['~out']>
    : OverMaybe<A, S['~out'], keyof A & keyof S['~out']>

export type Misfit<From extends string, To extends string, A, E> = `✗ '${From}' → '${To}': ${Why<A, E>}`
export type Duplicate<N extends string> = `✗ two steps are named '${N}'`
/** A name that is known only as `string` says nothing here: planning checks it. */
type Literal<N extends string> = string extends N ? never : N
export type TooLong = `✗ chain too long: ${MaxSteps} steps at most; make chains of parts of it and nest them`

// `Errors` collects { index: message }; no tuple is sliced and no key set is enumerated, so a step costs the same at any index.
type Walk<S, I extends string, Last extends string, A, Names extends string = never, Errors = {}> =
  S extends Record<I, infer H extends AnyStep>
    ? I extends keyof Succ
      ? Walk<
          S,
          Succ[I],
          H['name'],
          After<A, H>,
          Names | Literal<H['name']>,
          H['name'] extends Names
            ? Errors & Record<I, Duplicate<H['name']>>
            : [A] extends [H['~in']]
              ? Errors
              : Errors & Record<I, Misfit<Last, H['name'], A, H['~in']>>
        >
      : { errors: Errors & Record<I, TooLong>; out: unknown }
    : { errors: Errors; out: A }

/** What the first step needs. */
export type Start<S> = S extends Record<'0', infer H extends AnyStep> ? H['~in'] : unknown
/** The input of a chain is what its first step needs until `.given` has declared it. */
export interface Open {
  readonly '~open': true
}
type Initial<S, G> = G extends Open ? Start<S> : G
// `any` in place of the steps (an erased signature) has every index: the walk would not end.
export type Walked<S, G = Open> =
  IsAny<S> extends true ? { errors: {}; out: unknown } : Walk<S, '0', '(input)', Initial<S, G>>
export type OutOf<S, G = Open> = Walked<S, G>['out']

export type NoLength =
  '✗ a list of steps of unknown length cannot be checked; write the steps out, with when() where needed'
/** `S`, with its misfits replaced by their messages. */
export type Vet<S extends Steps, W extends { errors: unknown } = Walked<S>> = number extends S['length']
  ? { [K in keyof S]: NoLength }
  : {} extends W['errors']
    ? S
    : { [K in keyof S]: K extends keyof W['errors'] ? W['errors'][K] : S[K] }
