// logical-path.ts — where a path that a step named is on this machine; follows links as the step would, never out of its places.
import { lstatSync, readlinkSync } from 'node:fs'
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
  const roots = rootsOf(spec)
  const pending = logicalPath.split('/').toReversed()
  const done: string[] = []
  for (let links = 0; ;) {
    const name = pending.pop()
    if (name === undefined) return placeOf(roots, done, 'take')
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      continue
    }
    const physical = placeOf(roots, [...done, name], 'find')
    const target = physical === undefined ? undefined : linkAt(spec, physical)
    if (target === undefined) done.push(name)
    else if (++links > MAX_LINKS) return undefined
    else {
      if (isAbsolute(target)) done.length = 0
      pending.push(...target.split('/').toReversed())
    }
  }
}

function linkAt(spec: StepSpec, physical: string): string | undefined {
  try {
    const isLink = lstatSync(physical, { throwIfNoEntry: false })?.isSymbolicLink() === true
    return isLink ? toLogical(spec, readlinkSync(physical)) : undefined
  } catch {
    return undefined // in a folder that may not be looked into
  }
}

type Purpose = 'find' | 'take'
/** One of the step's places; where in it a path is, `below` being what follows `logical`. */
interface Root {
  readonly logical: string
  readonly at: (below: string, purpose: Purpose) => string | undefined
}

function rootsOf({ workTrees, outputs, inputs, place }: StepSpec): readonly Root[] {
  const rootAt = (logical: string, physical: string): Root => ({
    logical,
    at: (below) => join(physical, below),
  })
  return [
    ...workTrees.map((tree) =>
      isLayered(tree)
        ? {
            logical: tree.path,
            at: (below: string, purpose: Purpose) =>
              tree[purpose](below.split('/').filter((name) => name !== '')),
          }
        : rootAt(tree.path, tree.physical),
    ),
    ...outputs.map(({ path }) => rootAt(path, outputAt(place, path))),
    ...inputs.map(({ path, physical }) => rootAt(path, physical)),
    rootAt('/build', place.build),
    rootAt('/tmp', place.tmp),
  ]
}

/** Every component but the last has been found to be no link. */
function placeOf(
  roots: readonly Root[],
  components: readonly string[],
  purpose: Purpose,
): string | undefined {
  const path = '/' + components.join('/')
  const root = roots.find(({ logical }) => path === logical || path.startsWith(logical + '/'))
  return root?.at(path.slice(root.logical.length), purpose)
}
