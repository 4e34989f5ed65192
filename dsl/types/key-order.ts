// key-order.ts — string keys as a tuple in byte order, at type level: proven pair by pair, sorted only where that fails.
type Keys = readonly string[]

// TypeScript pairs overloads from the end: eight members of a union a round instead of one.
type Callback<T> = (x: () => T) => void
type Overloads<U> = (U extends unknown ? (x: Callback<U>) => void : never) extends (x: infer I) => void
  ? I
  : never
type Last8<U> =
  Overloads<U> extends {
    (x: () => infer A): void
    (x: () => infer B): void
    (x: () => infer C): void
    (x: () => infer D): void
    (x: () => infer E): void
    (x: () => infer F): void
    (x: () => infer G): void
    (x: () => infer H): void
  }
    ? [A, B, C, D, E, F, G, H]
    : never
// With fewer than eight left the first one stands several times in front.
type Distinct<T extends readonly unknown[]> = T extends readonly [infer A, infer B, ...infer R]
  ? [A] extends [B]
    ? Distinct<[B, ...R]>
    : T
  : T
type ToTuple<U, Done extends readonly unknown[] = []> = [U] extends [never]
  ? Done
  : Last8<U> extends infer L extends readonly unknown[]
    ? ToTuple<Exclude<U, L[number]>, [...Distinct<L>, ...Done]>
    : never

type Ascii =
  ' !"#$%&\'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~'
type Before<A extends string, B extends string> = A extends `${infer a}${infer ar}`
  ? B extends `${infer b}${infer br}`
    ? a extends b
      ? Before<ar, br>
      : Ascii extends `${string}${a}${string}${b}${string}`
        ? true
        : false
    : false
  : B extends ''
    ? false
    : true
type IsOrdered<T extends Keys, Shifted extends readonly unknown[] = readonly ['', ...T]> = false extends {
  [K in keyof T]: K extends keyof Shifted ? Before<Shifted[K] & string, T[K]> : never
}[number]
  ? false
  : true

type Merge<A extends Keys, B extends Keys, Done extends Keys = []> = A extends readonly [
  infer a extends string,
  ...infer ar extends string[],
]
  ? B extends readonly [infer b extends string, ...infer br extends string[]]
    ? Before<b, a> extends true
      ? Merge<A, br, [...Done, b]>
      : Merge<ar, B, [...Done, a]>
    : [...Done, ...A]
  : [...Done, ...B]
type MergePairs<L extends readonly Keys[], Done extends readonly Keys[] = []> = L extends readonly [
  infer A extends Keys,
  infer B extends Keys,
  ...infer R extends readonly Keys[],
]
  ? MergePairs<R, [...Done, Merge<A, B>]>
  : [...Done, ...L]
type MergeSort<L extends readonly Keys[]> = L extends readonly [infer A extends Keys]
  ? A
  : L extends readonly []
    ? []
    : MergeSort<MergePairs<L>>

/** The members of a union of printable ASCII strings, ascending. */
export type Ordered<U extends string> =
  ToTuple<U> extends infer T extends string[]
    ? IsOrdered<T> extends true
      ? T
      : MergeSort<{ [K in keyof T]: [T[K]] }>
    : never
