// step.ts — a step in use: a definition with its params, ready to stand in a chain. Immutable.
import { checkName } from '../chain/name.ts'
import type { Mode, Node, ParallelNode, StepNode, WhenNode } from '../chain/node.ts'
import { refTo, type Refs } from './ref.ts'

/** A step that needs `I` and gives `O`. */
export interface Step<N extends string, I, O, M extends Mode = 'map'> {
  readonly name: N
  readonly mode: M
  readonly '~in': I
  readonly '~out': O
  readonly '~node': Node
  /** The same step under another name. */
  as<const K extends string>(name: K): Step<K, I, O, M>
  /** References into the document it gives when it runs by itself, as a package of one step. */
  readonly output: Refs<O>
}

/** Any step value; its types are the caller's word ('~in' and '~out' exist for the compiler alone). */
export function stepValue(node: StepNode | WhenNode | ParallelNode): object {
  return Object.freeze({
    name: node.name,
    mode: modeOf(node),
    '~node': node,
    as: (name: string) => stepValue({ ...node, name: checkName('a step', name) }),
    get output() {
      return refTo(node)
    },
  })
}

function modeOf(node: StepNode | WhenNode | ParallelNode): Mode {
  switch (node.kind) {
    case 'step':
      return node.definition.mode
    case 'when':
      return 'maybe'
    case 'parallel':
      return 'map'
  }
}
