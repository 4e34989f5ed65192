// tools.ts — a step's tools in canonical form: one entry for the machine's commands, then the trees as given.
import type { StepNode } from '../chain/node.ts'
import { byCodeUnit } from '../plan/json.ts'
import type { Tool } from '../plan/plan.ts'
import { isPlain } from '../step/object-schema.ts'
import { refTarget } from '../step/ref.ts'
import { planError } from './draft.ts'
import { lowerValue, type ValueSource } from './value.ts'

/** @throws CodedError TN1316 */
export function lowerTools(source: ValueSource, node: StepNode): readonly Tool[] {
  const values = node.definition.tools(node.params)
  if (!Array.isArray(values)) throw refused(source, node, values)
  const commands = new Set<string>()
  const trees: Tool[] = []
  for (const value of values as readonly unknown[])
    if (refTarget(value) !== undefined) trees.push({ kind: 'tree', tree: lowerValue(source, value) })
    else if (isPlain(value) && value['kind'] === 'host' && Array.isArray(value['commands']))
      for (const command of value['commands']) commands.add(String(command))
    else throw refused(source, node, value)
  const host: readonly Tool[] =
    commands.size === 0 ? [] : [{ kind: 'host', commands: [...commands].toSorted(byCodeUnit) }]
  return [...host, ...trees]
}

function refused(source: ValueSource, node: StepNode, value: unknown): Error {
  const found =
    typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? 'a list' : `a ${typeof value}`
  return planError(source.draft, node.site, 'TN1316', `step '${node.name}' names ${found} as a tool`, {
    hint: "A tool is hostTools('cc', …) or a tree that a step gives, such as gcc.output.prefix.",
  })
}
