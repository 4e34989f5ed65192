// spec.ts — what the sandbox is told of one step, and how a step can end. Running it is run-step.ts's.
import type { JsonObject } from '../../../dsl/plan/json.ts'
import type { Interpreter } from '../../../dsl/plan/plan.ts'
import type { HostView } from '../host-tools.ts'
import type { Rung } from '../rung/rung.ts'
import type { MountPoints } from './mount-points.ts'

/** Paths named `physical` are of this machine; all others are as the step sees them. */
export interface StepSpec {
  readonly rung: Rung
  readonly interpreter: Interpreter
  readonly body: StepBody
  readonly request: JsonObject
  /** Read-only: the whole closure. */
  readonly inputs: readonly {
    readonly path: string
    readonly physical: string
    readonly kind: 'file' | 'tree'
  }[]
  /** Writable: `/build/<field>`. */
  readonly workTrees: readonly WorkTree[]
  /** The step makes a file or folder at `path`. */
  readonly outputs: readonly { readonly pointer: string; readonly path: string }[]
  readonly view: HostView
  /** Trees whose `bin` precedes the host's commands on PATH. */
  readonly toolTrees: readonly string[]
  readonly network: boolean
  readonly timeoutMs: number
  /** How many more steps with the same view, interpreter and tools are likely to follow: rooms for some of them are made ahead. */
  readonly toCome: number
  /** Where everything is that the step writes, work trees aside. */
  readonly place: StepPlace
  readonly home: string
  readonly logFile: string // not there when the step writes nothing
  readonly maxLogBytes: number
  readonly signal: AbortSignal
  /** Called for each line of the log, cut at 4,096 characters. */
  readonly onLine: (line: string) => void
}

/** Physical folders, empty, by what they are to one step. Outputs stay in `store`. */
export interface StepPlace {
  readonly build: string
  readonly tmp: string
  readonly store: string
  readonly step: string
  readonly control: string // the rung's own, which the step never sees; it may hold what an earlier step needed
  /** Those in `store`. */
  readonly mountPoints: MountPoints
  /** Said when a step has ended: it left none on these folders, where a mark is what stat(2) does not show of one. */
  hasNoMarks: boolean
}

/** A module's physical file, or a script. */
export type StepBody =
  { readonly kind: 'module'; readonly file: string } | { readonly kind: 'script'; readonly text: string }

export type WorkTree = PlainWorkTree | LayeredWorkTree

export interface PlainWorkTree {
  readonly path: string
  /** Written to in place. */
  readonly physical: string
}

/** On the supervisor's rung alone; what the step changes is in `upper` afterwards, in the form of Linux's overlay file system. */
export interface LayeredWorkTree {
  readonly path: string
  /** What the step finds, top first: folders that nothing changes while it runs. At most 120. */
  readonly lowers: readonly string[]
  /** Two empty folders on one file system. */
  readonly upper: string
  readonly work: string
  /** A file to be made: the folders in `upper` that hide what is below them, as paths from its root, each ended by NUL. */
  readonly opaque: string
  /** Once the step has ended: the topmost physical file, link or folder at a path below the tree; undefined when nothing is there. */
  readonly find: (names: readonly string[]) => string | undefined
  /** The same for what is to be used: a folder below the root is complete then, and private. */
  readonly take: (names: readonly string[]) => string | undefined
}

export function isPlain(tree: WorkTree): tree is PlainWorkTree {
  return 'physical' in tree
}

export function isLayered(tree: WorkTree): tree is LayeredWorkTree {
  return 'lowers' in tree
}

export type StepExit =
  /** Exit code 0 and a response: its text, not parsed. */
  | { readonly kind: 'answered'; readonly response: string }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'log-too-large' }
  | { readonly kind: 'cancelled' }
