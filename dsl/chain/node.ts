// node.ts — what DSL values hold: a tree of steps, chains and branches. Plain data; lowering it is left to dsl/lower.
import type { ModuleInterpreter, PropertyPath } from '../plan/plan.ts'

/** How a step's output becomes the next document: it is the document, or it is laid over the one before. */
export type CarryMode = 'map' | 'carry'
/** 'maybe': made by when(); carries or is absent. */
export type Mode = CarryMode | 'maybe'

/** A zod schema, either version, as far as the DSL itself uses it. */
export interface RuntimeSchema {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: unknown }
    | { readonly success: false; readonly error: { readonly issues: readonly SchemaIssue[] } }
}
export interface SchemaIssue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** A checked step definition. Results of its functions are unknown: they come from build files. */
export interface StepDefinition {
  readonly name: string
  readonly params: RuntimeSchema
  readonly input: RuntimeSchema
  readonly output: RuntimeSchema
  readonly mode: CarryMode
  readonly body:
    | { readonly kind: 'run'; readonly run: unknown; readonly interpreter: ModuleInterpreter }
    | { readonly kind: 'script'; readonly text: (params: unknown) => unknown }
    | { readonly kind: 'host'; readonly operation: 'fetch' | 'source' }
  readonly tools: (params: unknown) => unknown
  readonly timeoutMs: number
  readonly preparesSource: boolean
  readonly network: boolean
  readonly fixedOutput: ((params: unknown) => unknown) | null
}

/**
 * Where a value was made: a call, read as a stack, and perhaps a member of its arguments. Both are looked up only when
 * something has to be said about it.
 */
export interface Site {
  readonly stack?: string | undefined
  readonly property?: PropertyPath
}

/** A line for whoever plans the package. */
export interface PlanNote {
  readonly message: string
  readonly site: Site
}

export interface StepNode {
  readonly kind: 'step'
  readonly name: string
  readonly definition: StepDefinition
  /** Parsed, or with references in it and then parsed when they are known. */
  readonly params: unknown
  readonly site: Site
}
export interface WhenNode {
  readonly kind: 'when'
  readonly name: string
  readonly holds: boolean
  readonly step: StepNode
}
export interface ChainNode {
  readonly kind: 'chain'
  readonly name: string
  readonly steps: readonly Node[]
  /** The declared input; absent: the document of the place where the chain is used. */
  readonly given?: { readonly value: unknown }
  readonly site: Site
  /** What its modules want their users to know. */
  readonly notes?: readonly PlanNote[]
}
export interface ParallelNode {
  readonly kind: 'parallel'
  readonly name: string
  readonly branches: Readonly<Record<string, Node>>
  readonly site: Site
}
export type Node = StepNode | WhenNode | ChainNode | ParallelNode
