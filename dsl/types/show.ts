// show.ts — a type as one string literal type, for messages. Runs in failing branches alone: its cost never counts.
import type { KindOf } from '../schema/artifact.ts'
import type { IsAny } from './schema-type.ts'

type Function = (...a: never) => unknown
/** Types that are shown, and compared, as a whole. */
export type Atom =
  | string
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined // prettier-ignore
  | Date
  | Function
  | RegExp
  | Promise<unknown>
  | ArrayBufferView // prettier-ignore
  | ReadonlyMap<any, any>
  | ReadonlySet<any> // any: all of them // prettier-ignore

type LastOf<U> = (U extends unknown ? (x: () => U) => void : never) extends (x: infer I) => void
  ? I extends () => infer L
    ? L
    : never
  : never
/** The members of a union as a tuple. */
export type Members<U, Done extends unknown[] = []> = [U] extends [never]
  ? Done
  : LastOf<U> extends infer L
    ? Members<Exclude<U, L>, [L, ...Done]>
    : never
type Join<
  T extends readonly unknown[],
  Separator extends string,
  Done extends string = '',
> = T extends readonly [infer H extends string, ...infer R]
  ? Join<R, Separator, Done extends '' ? H : `${Done}${Separator}${H}`>
  : Done
/** The first of a union of messages, for all: a union would print as all of them. */
export type OneLine<M> =
  Members<M> extends readonly [infer First extends string, ...infer More]
    ? More extends readonly []
      ? First
      : `${First}; and ${More['length'] & number} more`
    : never
export type IsUnion<T, U = T> = [T] extends [never]
  ? false
  : T extends unknown
    ? [U] extends [T]
      ? false
      : true
    : never

/** `T` as text; `D` = 0 stops at the next object. */
export type Show<T, D extends number = 1> =
  IsAny<T> extends true
    ? 'any'
    : [T] extends [never]
      ? 'never'
      : unknown extends T
        ? 'unknown'
        : [boolean] extends [T]
          ? [T] extends [boolean]
            ? 'boolean'
            : `boolean | ${Show<Exclude<T, boolean>, D>}`
          : IsUnion<T> extends true
            ? Alternatives<T, D>
            : ShowOne<T, D>
type UpTo8 = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8
type Alternatives<T, D extends number> =
  Members<T> extends infer L extends readonly unknown[]
    ? L['length'] extends UpTo8
      ? Join<{ [I in keyof L]: ShowOne<L[I], D> }, ' | '>
      : `one of ${L['length'] & number} alternatives`
    : never

interface KindNames {
  file: 'File'
  tree: 'Tree'
  workTree: 'WorkTree'
}
type ShowOne<T, D extends number> = [KindOf<T>] extends [never]
  ? T extends string
    ? string extends T
      ? 'string'
      : `'${T}'`
    : T extends number | bigint | boolean | null | undefined
      ? number extends T
        ? 'number'
        : bigint extends T
          ? 'bigint'
          : `${T}`
      : ShowObject<T, D>
  : KindNames[KindOf<T>]
type ShowObject<T, D extends number> = T extends Date
  ? 'Date'
  : T extends ReadonlyMap<infer K, infer V>
    ? `Map<${Show<K, 0>}, ${Show<V, 0>}>`
    : T extends ReadonlySet<infer V>
      ? `Set<${Show<V, 0>}>`
      : T extends Promise<infer V>
        ? `Promise<${Show<V, 0>}>`
        : T extends ArrayBufferView
          ? 'bytes'
          : T extends Function
            ? 'function'
            : T extends symbol
              ? 'symbol'
              : T extends readonly unknown[]
                ? ShowList<T, D>
                : ShowRecord<T, D>
type ShowList<T extends readonly unknown[], D extends number> = number extends T['length']
  ? IsUnion<T[number]> extends true
    ? `(${Show<T[number], D>})[]`
    : `${Show<T[number], D>}[]`
  : `[${Join<{ [I in keyof T]: Show<T[I], D> }, ', '>}]`
type ShowRecord<T, D extends number> = D extends 0
  ? '{…}'
  : string extends keyof T
    ? `Record<string, ${Show<T[string & keyof T], 0>}>`
    : Members<keyof T> extends infer Ks extends readonly unknown[]
      ? Ks['length'] extends 0
        ? '{}'
        : Ks['length'] extends UpTo8
          ? `{ ${Join<{ [I in keyof Ks]: ShowMember<T, Ks[I]> }, '; '>} }`
          : `{ ${Ks['length'] & number} fields }`
      : never
type ShowMember<T, K> = K extends keyof T & (string | number)
  ? {} extends Pick<T, K>
    ? `${K}?: ${Show<Exclude<T[K], undefined>, 0>}`
    : `${K}: ${Show<T[K], 0>}`
  : '…'
