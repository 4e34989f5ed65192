// logical-path.ts — where a path that a step named is on this machine; follows links as the step would, never out of its places.
import { readlinkSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { toLogical } from './path-translation.ts'
import { outputAt } from './place.ts'
import { isLayered, type StepSpec } from './spec.ts'

const MAX_LINKS = 40 // as the kernel

/**
 * The physical path behind `logicalPath` once the step has ended; undefined when it is in none of the step's own places
 * or leads out of them through a link. The last component need not exist. The result itself is no link.
 */
export function physicalOf(spec: StepSpec, logicalPath: string): string | undefined {
  if (!isAbsolute(logicalPath)) return undefined
  const pending = logicalPath.split('/').toReversed()
  const done: string[] = []
  for (let links = 0; ;) {
    const name = pending.pop()
    if (name === undefined) return placeOf(spec, done, 'take')
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      continue
    }
    const target = linkAt(spec, [...done, name])
    if (target === undefined) done.push(name)
    else if (++links > MAX_LINKS) return undefined
    else {
      if (isAbsolute(target)) done.length = 0
      pending.push(...target.split('/').toReversed())
    }
  }
}

function linkAt(spec: StepSpec, components: readonly string[]): string | undefined {
  const physical = placeOf(spec, components, 'find')
  if (physical === undefined) return undefined
  try {
    return toLogical(spec, readlinkSync(physical))
  } catch {
    return undefined // no link, or nothing there
  }
}

/** Every component but the last has been found to be no link. */
function placeOf(
  spec: StepSpec,
  components: readonly string[],
  purpose: 'find' | 'take',
): string | undefined {
  const path = '/' + components.join('/')
  const { place } = spec
  const at = (physical: string) => (below: string) => join(physical, below)
  const roots = [
    ...spec.workTrees.map((tree) => ({
      logical: tree.path,
      find: isLayered(tree)
        ? (below: string) => tree[purpose](below.split('/').filter((name) => name !== ''))
        : at(tree.physical),
    })),
    ...spec.outputs.map(({ path: logical }) => ({ logical, find: at(outputAt(place, logical)) })),
    ...spec.inputs.map(({ path: logical, physical }) => ({ logical, find: at(physical) })),
    { logical: '/build', find: at(place.build) },
    { logical: '/tmp', find: at(place.tmp) },
  ]
  const root = roots.find(({ logical }) => path === logical || path.startsWith(logical + '/'))
  return root?.find(path.slice(root.logical.length))
}
