// coded-error.ts — an error a user meets: a code for docs/errors.md, the fact, what to do. Text is laid out in report/.
import type { PropertyPath, SourcePosition } from './plan.ts'

export interface CodedErrorOptions {
  /** What to do next: one sentence. */
  readonly hint?: string
  readonly position?: SourcePosition
  readonly cause?: unknown
  /** Further lines that belong to the fact: a log's tail, a list of candidates. */
  readonly details?: readonly string[]
  /** The other places that have to do with it. */
  readonly related?: readonly Related[]
}

/** A place with what is there. `stack` and `property` stand for the position until the loader has found it. */
export interface Related {
  readonly fact: string
  readonly position?: SourcePosition
  readonly stack?: string
  readonly property?: PropertyPath
}

/** `code` is `TN` and four digits; docs/errors.md has a section for each. */
export class CodedError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly position: SourcePosition | undefined
  readonly details: readonly string[]
  readonly related: readonly Related[]
  constructor(code: string, fact: string, options: CodedErrorOptions = {}) {
    super(fact, { cause: options.cause })
    this.name = 'CodedError'
    this.code = code
    this.hint = options.hint
    this.position = options.position
    this.details = options.details ?? []
    this.related = options.related ?? []
  }
}
