// closure.ts — a module with all that it imports, each once: who may see whom, and who stands after whom.
import type { ModuleNode } from '../declare/node.ts'

export interface Closure {
  /** Imports before those that import them. */
  readonly modules: readonly ModuleNode[]
  /** Above that of everything it imports, whatever the order of imports: modules are ordered by it and by nothing else. */
  rankOf(module: ModuleNode): number
  /** Whether `module` is `other`, or imports it, at any distance. */
  sees(module: ModuleNode, other: ModuleNode): boolean
}

export function closureOf(root: ModuleNode): Closure {
  const ranks = new Map<ModuleNode, number>()
  const modules: ModuleNode[] = []
  const visit = (module: ModuleNode): number => {
    const known = ranks.get(module)
    if (known !== undefined) return known
    let rank = 0
    for (const each of module.imports) rank = Math.max(rank, visit(each) + 1)
    ranks.set(module, rank)
    modules.push(module)
    return rank
  }
  visit(root)
  const seen = new Map<ModuleNode, ReadonlySet<ModuleNode>>()
  const seenBy = (module: ModuleNode): ReadonlySet<ModuleNode> => {
    const known = seen.get(module) ?? reachable(module)
    seen.set(module, known)
    return known
  }
  return {
    modules,
    rankOf: (module) => ranks.get(module) ?? 0,
    sees: (module, other) => module === other || module === root || seenBy(module).has(other),
  }
}

function reachable(from: ModuleNode): ReadonlySet<ModuleNode> {
  const found = new Set([from])
  for (const module of found) for (const each of module.imports) found.add(each) // a set grows while it is walked
  return found
}
