// weight.ts — mkDefault, mkForce, mkBefore, mkAfter, mkOrder, mkIf: how much a definition counts, and where. Deciding is ../evaluate's.

/** A definition with a weight; it has no value until it counts. */
export interface Weighted<out V> {
  readonly '~weighted': V
}
/** A value, or a function that gives it when the option is read. */
export type Lazy<V> = V | (() => V)

export type WeightNode = { readonly value: unknown } & (
  | { readonly kind: 'priority'; readonly priority: number }
  | { readonly kind: 'order'; readonly order: number }
  | { readonly kind: 'condition'; readonly holds: boolean | (() => boolean) }
)

/** A smaller number wins. Without any definition an option has its default. */
export const PRIORITY = { force: 50, plain: 100, default: 1000 } as const
/** Parts of a list stand in this order. */
export const ORDER = { before: 500, plain: 1000, after: 1500 } as const

/** Counts only while nobody sets the option plainly. */
export function mkDefault<const V>(value: Lazy<V> | Weighted<V>): Weighted<V> {
  return weighted({ kind: 'priority', priority: PRIORITY.default, value })
}

/** Counts in place of all plain definitions. */
export function mkForce<const V>(value: Lazy<V> | Weighted<V>): Weighted<V> {
  return weighted({ kind: 'priority', priority: PRIORITY.force, value })
}

/** Its part of a list stands before the others. */
export function mkBefore<const V extends readonly unknown[]>(value: Lazy<V> | Weighted<V>): Weighted<V> {
  return weighted({ kind: 'order', order: ORDER.before, value })
}

/** Its part of a list stands after the others. */
export function mkAfter<const V extends readonly unknown[]>(value: Lazy<V> | Weighted<V>): Weighted<V> {
  return weighted({ kind: 'order', order: ORDER.after, value })
}

/** Its part of a list stands at `order`: mkBefore is 500, plain 1000, mkAfter 1500. */
export function mkOrder<const V extends readonly unknown[]>(
  order: number,
  value: Lazy<V> | Weighted<V>,
): Weighted<V> {
  return weighted({ kind: 'order', order, value })
}

/** Counts only if the condition holds; it may stand around one definition or a whole group of them. */
export function mkIf<const V>(holds: boolean | (() => boolean), value: Lazy<V> | Weighted<V>): Weighted<V> {
  return weighted({ kind: 'condition', holds, value })
}

/** Its type is the caller's word: it exists for the compiler alone. */
function weighted<V>(node: WeightNode): Weighted<V> {
  return Object.freeze({ '~weighted': node }) as unknown as Weighted<V> // as said above
}

/** The node behind a weighted definition; undefined for all other values. */
export function weightNode(value: unknown): WeightNode | undefined {
  return typeof value === 'object' && value !== null && '~weighted' in value
    ? (value['~weighted'] as WeightNode) // only `weighted` makes such values
    : undefined
}
