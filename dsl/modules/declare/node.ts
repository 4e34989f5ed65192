// node.ts — what a module holds at run time: plain data. Reading it is left to ../evaluate.
import type { Site } from '../../chain/node.ts'

/** Modules are told apart by the identity of this object: one that is imported twice counts once. */
export interface ModuleNode {
  /** Options and groups of them, as written; `deps` holds its dependencies. */
  readonly options: Readonly<Record<string, unknown>>
  readonly imports: readonly ModuleNode[]
  /** An object, a function that gives one, or undefined. */
  readonly config: unknown
  readonly steps: unknown
  readonly assertions: readonly Check[]
  readonly warnings: readonly Check[]
  readonly site: Site
}
/** `test` is asked when the package is planned. */
export interface Check {
  readonly test: (context: unknown) => unknown
  readonly message: unknown // text, or a function of the context that gives it
}

/** The node behind a module; undefined for all other values. */
export function moduleNode(value: unknown): ModuleNode | undefined {
  return typeof value === 'object' && value !== null && '~module' in value
    ? (value['~module'] as ModuleNode) // only module.ts and package.ts make such values
    : undefined
}
