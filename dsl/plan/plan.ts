// plan.ts — the plan: what instantiate makes of DSL values and all that the runtime gets to know of them.
import type { Json, JsonObject } from './json.ts'

/** Raised by one whenever a plan's meaning changes; part of every key. */
export const PLAN_FORMAT = 1

/**
 * Where a step's data comes from. References are indices into `Plan.steps`, always to an earlier one.
 * Canonical: an expression without references is one literal.
 */
export type Expr =
  | { readonly kind: 'literal'; readonly value: Json }
  /** A member of the validated document that a step returned; `path` holds object keys and list indices. */
  | { readonly kind: 'output'; readonly step: number; readonly path: readonly (string | number)[] }
  /** Text with values in it (`--with-zlib=${zlib.output.prefix}`). */
  | { readonly kind: 'text'; readonly parts: readonly Expr[] }
  | { readonly kind: 'list'; readonly items: readonly Expr[] }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Expr>> }
  /** `{ ...below, ...above }`: what a carrying step does. */
  | { readonly kind: 'overlay'; readonly below: Expr; readonly above: Expr }

/** What runs a TypeScript body. */
export type ModuleInterpreter = 'node' | 'quickjs'
export type Interpreter = ModuleInterpreter | 'sh'

export type Body =
  /** A bundled ES module, by the digest of its text; `captures` are plain values lifted from around `run`. */
  | {
      readonly kind: 'module'
      readonly interpreter: ModuleInterpreter
      readonly digest: string
      readonly captures: JsonObject
    }
  | { readonly kind: 'script'; readonly interpreter: 'sh'; readonly text: string }
  /** Done by the runtime itself because it reaches outside of the sandbox; its result is verified by content. */
  | { readonly kind: 'host'; readonly operation: HostOperation }
/** fetch: bytes of a known hash from a URL or the npm registry. source: files of the project. */
export type HostOperation = 'fetch' | 'source'

export type Tool =
  /** Commands of the machine; their packages and versions are found, and keyed, when the plan is realised. */
  | { readonly kind: 'host'; readonly commands: readonly string[] }
  /** A tree whose `bin` goes on PATH. */
  | { readonly kind: 'tree'; readonly tree: Expr }

export type ArtifactKind = 'file' | 'tree' | 'workTree'

/** A field of the output document that is an artifact at a place known before running. */
export interface OutputArtifact {
  readonly pointer: string // RFC 6901, in the output document
  readonly kind: ArtifactKind
  readonly name: string // of the store object: `<chain>-<field>`
}

/** JSON Schema draft-07, with the keywords that dsl/plan/schema.ts describes. */
export type JsonSchema = JsonObject

export interface PlannedStep {
  readonly name: string // in its chain; steps of nested chains and branches: `inner/unpack`
  readonly chain: string
  readonly body: Body
  readonly params: Expr
  readonly input: Expr
  readonly schemas: { readonly params: number; readonly input: number; readonly output: number } // into Plan.schemas
  readonly outputs: readonly OutputArtifact[]
  readonly tools: readonly Tool[]
  readonly platform: Platform
  readonly timeoutMs: number
  /** Present: a fixed-output step. `hash` is SRI, of the file's bytes or (tree) of the tree digest; null: not locked yet. */
  readonly fixedOutput?: { readonly hash: string | null; readonly lockKey: string | null }
  readonly network: boolean // only with fixedOutput
}

export interface Platform {
  readonly os: 'linux'
  readonly arch: 'x64' | 'arm64'
}

export interface PlannedPackage {
  readonly name: string // the chain's
  readonly steps: readonly PlannedChainStep[]
  readonly output: Expr
}
export interface PlannedChainStep {
  readonly name: string
  readonly step: number // into Plan.steps
  readonly mode: 'map' | 'carry'
  /** Gets or alters source and builds nothing of it: `tenon source` stops after the last such step at the beginning. */
  readonly preparesSource: boolean
  /** The document after this step, carried fields included: what `build x@step` prints. */
  readonly document: Expr
}

/** Plain, frozen, hash-consed: equal steps and schemas stand once. Order is a topological one. */
export interface Plan {
  readonly format: typeof PLAN_FORMAT
  readonly schemas: readonly JsonSchema[]
  readonly steps: readonly PlannedStep[]
  /** By export name of the build file. */
  readonly packages: Readonly<Record<string, PlannedPackage>>
}

/** `line` and `column` count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}
/** From the arguments of a call to a member of what is written there: `[0, 'config', 'version']`. */
export type PropertyPath = readonly (string | number)[]
/** Kept beside the plan, never in it: moving code changes no key. Index = index into `Plan.steps`. */
export interface PlanPositions {
  readonly steps: readonly (SourcePosition | null)[]
}
/** What evaluating a build file gives. */
export interface Planned {
  readonly plan: Plan
  readonly positions: PlanPositions
  /** Exports that are no packages, for the "did you mean" of an unknown one. */
  readonly otherExports: readonly string[]
  /** What modules want their users to know. Absent: nothing. */
  readonly warnings?: readonly PlanWarning[]
  /** By export name, instead of packages: only when `PlanningContext.only` asks for it. */
  readonly options?: Readonly<Record<string, OptionListing>>
}
export interface PlanWarning {
  readonly message: string
  readonly position: SourcePosition | null
}

/** The options of one package, in order of their paths. */
export interface OptionListing {
  readonly package: string
  readonly options: readonly ListedOption[]
}
export interface ListedOption {
  /** Members joined by `.`; `<name>` stands for any key. */
  readonly path: string
  readonly kind: 'value' | 'dep' | 'submodules'
  readonly type: string // for people
  readonly description: string
  /** Text for people; references as `zlib.output.prefix`. */
  readonly default: Json | null
  readonly hasDefault: boolean
  readonly example: Json | null
  readonly readOnly: boolean
  readonly internal: boolean
  /** What reading it gives. */
  readonly value:
    | { readonly kind: 'known'; readonly json: Json }
    | { readonly kind: 'failed'; readonly code: string; readonly message: string }
    | { readonly kind: 'none' } // an option of each of several submodules
  readonly declaredAt: SourcePosition | null
  /** All definitions that someone gave; `counts` marks those that the value is made of. */
  readonly definitions: readonly ListedDefinition[]
}
export interface ListedDefinition {
  readonly priority: number
  readonly counts: boolean
  readonly position: SourcePosition | null
}

/** What planning is told of the world; all else is out of its reach. */
export interface PlanningContext {
  readonly platform: Platform
  /** tenon.lock: lock key → SRI hash. */
  readonly locked: Readonly<Record<string, string>>
  /** 'options': list the options of packages and put none together. */
  readonly only?: 'options'
}
