// body-context.ts — what a step's `run` gets and may return: types alone. The runner that provides it is runtime/sandbox's.
import type { Platform } from '../plan/plan.ts'
import type { Artifact, KindOf } from '../schema/artifact.ts'
import type { Atom } from '../types/show.ts'
import type { Files } from './files.ts'

/** One argument of a command; a list is several arguments, an empty one none. */
export type Argument = string | number | readonly (string | number)[]
/** Runs a command without a shell; each interpolation is one argument. Rejects when it exits other than 0. */
export interface Shell {
  (parts: TemplateStringsArray, ...values: readonly Argument[]): Promise<{ stdout: string; exitCode: number }>
  /** The same in another working directory. */
  in(directory: string): Shell
}

/** A path for each artifact field of the output, nested ones included; `Left` bounds the depth, types may be recursive. */
export type OutputPaths<O, Left extends readonly unknown[] = [0, 0, 0, 0]> = {
  readonly [K in keyof O as [PathsOf<O[K], Left>] extends [never] ? never : K]-?: PathsOf<O[K], Left>
}
type PathsOf<T, Left extends readonly unknown[]> = [KindOf<T>] extends [never]
  ? NonNullable<T> extends Atom | readonly unknown[]
    ? never
    : Left extends readonly [unknown, ...infer Rest]
      ? OutputPaths<NonNullable<T>, Rest> extends infer Inner
        ? [keyof Inner] extends [never]
          ? never
          : Inner
        : never
      : never
  : NonNullable<T>

export interface BodyContext<I, P, O> {
  readonly input: I
  readonly params: P
  readonly out: OutputPaths<O>
  /** The path that a later step of the chain will fill as its output field: what `configure --prefix` needs. */
  readonly placeholder: (field: string) => string
  readonly platform: Platform
  readonly $: Shell
  readonly files: Files
  /** One line into the step's log. */
  readonly log: (line: string) => void
}

/** `T` as a body may return it: any path in place of an artifact. */
export type Returned<T> = unknown extends T
  ? T
  : T extends Artifact
    ? string
    : T extends Atom
      ? T
      : { [K in keyof T]: Returned<T[K]> }
