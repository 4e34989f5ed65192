// dep.ts — dep(): another package that a module needs, by what it must give. Which package that is can be set like an option.
import type { Out, AnySchema } from '../../types/schema-type.ts'
import type { Node } from '../../chain/node.ts'
import type { Refs } from '../../step/ref.ts'
import { checkedSchema, documented, optionValue, type Option } from './option.ts'

/** Any package whose output has at least what `O` has. */
export interface Gives<out O> {
  readonly name: string
  readonly '~out': O
  readonly '~node': Node
}
/** What a module sees of it: no more than the interface that it declared. */
export interface DepValue<O> {
  readonly name: string
  readonly output: Refs<O>
}
export type Dep<O> = Option<Gives<O>, Gives<O>, DepValue<O>>
// any: deps of every type.
export type AnyDep = Option<any, Gives<any>, DepValue<any>, boolean>
export interface Deps {
  readonly [name: string]: AnyDep
}

export interface DepDocs<O> {
  readonly description: string
  /** A function is called only when the dependency is used, so two files may refer to each other. */
  readonly default?: Gives<O> | (() => Gives<O>)
  readonly example?: Gives<O>
  readonly internal?: boolean
}

/** `deps: { zlib: dep(z.object({ prefix: tree() }), { description: 'Compression', default: zlib }) }` */
export function dep<S extends AnySchema>(schema: S, docs: DepDocs<Out<S>>): Dep<Out<S>> {
  return optionValue({ ...documented(docs), kind: 'dep', schema: checkedSchema(schema) })
}
