// tools.ts — what a step finds on its PATH: commands of the machine, or the bin folder of a tree.
import { CodedError } from '../plan/coded-error.ts'
import type { Tree } from '../schema/artifact.ts'
import type { Ref } from './ref.ts'

/** Commands of the machine that runs the build; the packages behind them are part of each key. */
export interface HostTools {
  readonly kind: 'host'
  readonly commands: readonly string[]
}
/** A tree's `bin` goes on PATH. */
export type ToolValue = HostTools | Ref<Tree> | Tree

/**
 * The explicit way to the machine's own tools: `hostTools('cc', 'make')`.
 * @throws CodedError TN1316 for what is not the bare name of a command.
 */
export function hostTools(...commands: readonly string[]): HostTools {
  for (const command of commands)
    if (typeof command !== 'string' || !/^[A-Za-z0-9_.+[-]+$/.test(command))
      throw new CodedError('TN1316', `hostTools got ${JSON.stringify(command)}, which is no command name`, {
        hint: "Name commands as you would type them, without folders: hostTools('cc', 'make').",
      })
  return Object.freeze({ kind: 'host', commands: Object.freeze([...commands]) })
}
