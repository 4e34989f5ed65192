// contract.ts — what an evaluation is and what it is made from: types that its parts share.
import type { Site } from '../../chain/node.ts'
import type { ModuleNode } from '../declare/node.ts'
import type { Closure } from './closure.ts'
import type { Definition, Entry, Group } from './option-tree.ts'

/** What functions of a module are given. */
export interface RuntimeContext {
  readonly config: object
  readonly deps: object
  readonly name: string
}
/** What somebody else sets: it is given to one of several submodules. */
export interface Handed {
  readonly config: unknown
  readonly site: Site
}

export interface Evaluation {
  readonly closure: Closure
  /** All options with their definitions; evaluates no value. */
  readonly options: () => Group
  readonly read: (entry: Entry) => unknown
  /** The definitions that the value is made of. */
  readonly counting: (entry: Entry) => readonly Definition[]
  /** For one module; `null`: whoever uses the whole. */
  readonly contextFor: (module: ModuleNode | null) => RuntimeContext
}

export interface EvaluationOptions {
  readonly name: string
  readonly handed?: readonly Handed[]
  /** Options that are being read, those of submodules too. */
  readonly open?: Entry[]
  readonly path?: string
}
