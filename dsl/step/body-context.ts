// body-context.ts — what a step's `run` gets and may return: types alone. The runner that provides it is runtime/sandbox's.
import type { Platform } from '../plan/plan.ts'
import type { Artifact, KindOf } from '../schema/artifact.ts'
import type { Atom } from '../types/show.ts'

/** One argument of a command; a list is several arguments, an empty one none. */
export type Argument = string | number | readonly (string | number)[]
/** Runs a command without a shell; each interpolation is one argument. Rejects when it exits other than 0. */
export interface Shell {
  (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<{ stdout: string; exitCode: number }>
  /** The same in another working directory. */
  in(directory: string): Shell
}

/** A path for each artifact field of the output. */
export type OutputPaths<O> = {
  readonly [K in keyof O as [KindOf<O[K]>] extends [never] ? never : K]-?: NonNullable<O[K]>
}

export interface BodyContext<I, P, O> {
  readonly input: I
  readonly params: P
  readonly out: OutputPaths<O>
  /** The path that a later step of the chain will fill as its output field: what `configure --prefix` needs. */
  readonly placeholder: (field: string) => string
  readonly platform: Platform
  readonly $: Shell
  /** One line into the step's log. */
  readonly log: (line: string) => void
}

/** `T` as a body may return it: any path in place of an artifact. */
export type Returned<T> = T extends Artifact
  ? string
  : T extends Atom
    ? T
    : { [K in keyof T]: Returned<T[K]> }
