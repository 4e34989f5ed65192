// why.ts — why one type does not fit another, as one line that names the fields. Runs in failing branches alone.
import type { IsAny } from './schema-type.ts'
import type { Atom, IsUnion, Members, Show } from './show.ts'

type Leaf<Path extends string, A, E> = `${Path extends '' ? 'value' : Path} needs ${Show<E>}, gets ${Show<A>}`
type Missing<Path extends string, E> = `${Path} is missing (needs ${Show<E>})`

/** The union of all mismatches: `A` arrives, `E` is wanted; `Left` bounds the depth, because types may be recursive. */
type Differences<
  A,
  E,
  Path extends string = '',
  Left extends readonly unknown[] = [0, 0, 0, 0, 0, 0, 0, 0],
> = [A] extends [E]
  ? never
  : IsAny<A> extends true
    ? never
    : unknown extends A
      ? Leaf<Path, A, E>
      : [E] extends [Atom]
        ? Leaf<Path, A, E>
        : [A] extends [Atom]
          ? Leaf<Path, A, E>
          : true extends IsUnion<A> | IsUnion<E>
            ? Leaf<Path, A, E>
            : Left extends readonly [unknown, ...infer Rest]
              ? Inside<A, E, Path, Rest>
              : Leaf<Path, A, E>
type Inside<A, E, Path extends string, Left extends readonly unknown[]> = [E] extends [readonly unknown[]]
  ? [A] extends [readonly unknown[]]
    ? number extends E['length']
      ? Differences<A[number], E[number], `${Path}[]`, Left>
      : Leaf<Path, A, E>
    : Leaf<Path, A, E>
  : string extends keyof E
    ? string extends keyof A
      ? Differences<A[string & keyof A], E[string & keyof E], `${Path}[*]`, Left>
      : Leaf<Path, A, E>
    : { [K in keyof E & (string | number)]-?: Member<A, E, K, `${Path}.${K}`, Left> }[keyof E &
        (string | number)]
type Member<A, E, K extends keyof E, Path extends string, Left extends readonly unknown[]> = K extends keyof A
  ? [A[K]] extends [E[K]]
    ? {} extends Pick<E, K>
      ? never
      : {} extends Pick<A, K>
        ? `${Path} is optional but needed`
        : never
    : {} extends Pick<E, K>
      ? Differences<Exclude<A[K], undefined>, Exclude<E[K], undefined>, Path, Left>
      : {} extends Pick<A, K>
        ? `${Path} is optional but needed`
        : Differences<A[K], E[K], Path, Left>
  : {} extends Pick<E, K>
    ? never
    : Missing<Path, E[K]>

/** One line for all mismatches, at most three spelled out: a union of messages would print as its alias. */
export type Why<A, E> =
  Members<Differences<A, E>> extends infer L extends readonly unknown[]
    ? L extends readonly [infer X extends string]
      ? X
      : L extends readonly [infer X extends string, infer Y extends string]
        ? `${X}; ${Y}`
        : L extends readonly [
              infer X extends string,
              infer Y extends string,
              infer Z extends string,
              ...infer R,
            ]
          ? R['length'] extends 0
            ? `${X}; ${Y}; ${Z}`
            : `${X}; ${Y}; ${Z}; and ${R['length'] & number} more`
          : 'types differ'
    : never
