// source-base.ts — the folder of a project source, relative to the project: paths in build files count from the file they stand in.
import type { StepNode } from '../chain/node.ts'
import { isPlain } from '../step/object-schema.ts'
import { planError, positionOf, type Draft } from './draft.ts'

/**
 * The params of a source step with `base` made relative to the project root ('.' is the root itself).
 * @throws CodedError TN1319 for a folder outside of the project.
 */
export function withProjectBase(draft: Draft, node: StepNode): unknown {
  const { body } = node.definition
  if (body.kind !== 'host' || body.operation !== 'source' || !isPlain(node.params)) return node.params
  const base = node.params['base'] ?? '.'
  if (typeof base !== 'string' || base.startsWith('/')) throw outside(draft, node, base)
  const root = segments(draft.context.projectRoot)
  const folder = segments(positionOf(draft, node.site)?.file ?? `${draft.context.projectRoot}/_`).slice(0, -1)
  const resolved: string[] = [...folder]
  for (const part of segments(base))
    if (part !== '..') resolved.push(part)
    else if (resolved.pop() === undefined) throw outside(draft, node, base)
  if (root.some((part, i) => resolved[i] !== part)) throw outside(draft, node, base)
  return { ...node.params, base: resolved.slice(root.length).join('/') || '.' }
}

function segments(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}

function outside(draft: Draft, node: StepNode, base: unknown): Error {
  return planError(
    draft,
    node.site,
    'TN1319',
    `step '${node.name}' reads ${JSON.stringify(base)}, which lies outside of the project`,
    {
      hint: `The project is the folder with tenon.lock or package.json (${draft.context.projectRoot}); copy the files into it, or fetch them.`,
    },
  )
}
