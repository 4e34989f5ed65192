// shape.ts — what a zod schema of either generation says, in one vocabulary. Leaves finding it out to read3.ts and read4.ts.
import type { Json, JsonObject } from '../plan/json.ts'

/** Members typed `unknown` are zod schemas of any generation, not looked at yet. */
export type Shape =
  | { readonly kind: 'leaf'; readonly json: JsonObject }
  | { readonly kind: 'anything' }
  /** Nothing of its own: optional, readonly, brand, lazy, default. What that means for a member is in `Field.absent`. */
  | { readonly kind: 'same'; readonly inner: unknown }
  | { readonly kind: 'nullable'; readonly inner: unknown }
  | { readonly kind: 'object'; readonly fields: readonly Field[]; readonly rest: Rest }
  | { readonly kind: 'list'; readonly item: unknown; readonly bounds: JsonObject } // minItems, maxItems
  | { readonly kind: 'tuple'; readonly items: readonly unknown[]; readonly rest: unknown }
  | { readonly kind: 'record'; readonly key: unknown; readonly value: unknown }
  | { readonly kind: 'anyOf'; readonly options: readonly unknown[] }
  | { readonly kind: 'allOf'; readonly sides: readonly unknown[] }

/** What happens to members that have no field of their own. */
export type Rest =
  | { readonly kind: 'dropped' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'checked'; readonly by: unknown }

export interface Field {
  readonly name: string
  readonly schema: unknown
  readonly absent: Absent
}

/** What zod makes of a member that is not there. */
export type Absent =
  | { readonly kind: 'missing' }
  | { readonly kind: 'allowed' }
  | { readonly kind: 'filled'; readonly value: Json }
