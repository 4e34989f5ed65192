// host.ts — the one object through which code of the planning realm and the loader talk. Only text, lists of it and functions cross.
import type { Locate } from './locate.ts'

/** Name of the global that holds the object until the bundle's first statement takes it away. */
export const HOST_NAME = '__tenonHost'

export interface PlanningHost {
  /** JSON of the planning context and project root. */
  readonly context: string
  readonly locate: Locate
  /** What Tenon's own code needs to name contents. */
  readonly crypto: { readonly createHash: unknown; readonly hash: unknown }
  /** A stand-in for a module of Node: whatever plan code does with it is reported. */
  readonly builtin: (name: string, isStrict: boolean) => unknown
  /** Receives the JSON text of `Planned`. */
  readonly answer: (text: string) => void
}
