// schema-type.ts — what a schema accepts and gives, for zod 3 and zod 4 alike. Converting schemas is left to dsl/schema.

/** Any zod schema. Two members, because a wider constraint makes each step 2–9 times dearer to check (docs/types.md). */
export interface AnySchema {
  readonly _input: any // any: the constraint must not look inside
  readonly _output: any // any: as above
}
/** The schema of a step that declares none: it needs nothing. */
export interface Nothing {
  readonly _input: {}
  readonly _output: {}
}

export type IsAny<T> = 0 extends 1 & T ? true : false
// zod 4 infers z.object({}) as Record<string, never>, to which nothing with a field is assignable.
type Plain<T> = T extends Record<string, never> ? ({} extends T ? {} : T) : T
// `any` would fit every next step and hide a mismatch, so in an output it counts as unknown.
type NoAny<T> = true extends { [K in keyof T]: IsAny<T[K]> }[keyof T]
  ? { [K in keyof T]: IsAny<T[K]> extends true ? unknown : T[K] }
  : T

/** What a step's caller has to give: defaults are optional. */
export type In<S extends AnySchema> = IsAny<S['_input']> extends true ? unknown : Plain<S['_input']>
/** What a body gets: defaults are filled in. */
export type Out<S extends AnySchema> = IsAny<S['_output']> extends true ? unknown : NoAny<Plain<S['_output']>>
