// option-table.ts — all options of a set of modules with who sets them. Made once, when somebody asks; evaluates no value.
import { inside } from '../../step/site.ts'
import type { ModuleNode } from '../declare/node.ts'
import type { Closure } from './closure.ts'
import type { Handed, RuntimeContext } from './contract.ts'
import { collector } from './definitions.ts'
import { fault } from './fault.ts'
import { addOptions, newTree, type Group } from './option-tree.ts'

export interface TableSource {
  readonly root: ModuleNode
  readonly closure: Closure
  readonly handed: readonly Handed[]
  readonly path: string
  readonly contextFor: (module: ModuleNode) => RuntimeContext
}

/** @throws CodedError TN1500–TN1515 for what modules declare and set wrongly, TN1507 when one of them asks meanwhile. */
export function optionTable({ root, closure, handed, path, contextFor }: TableSource): () => Group {
  let table: Group | undefined
  let listing: ModuleNode | undefined
  const configOf = (module: ModuleNode): unknown => {
    const { config } = module
    if (typeof config !== 'function') return config
    listing = module
    try {
      return (config as (context: RuntimeContext) => unknown)(contextFor(module)) // what it returns is checked by the collector
    } finally {
      listing = undefined
    }
  }
  return () => {
    if (listing !== undefined) throw tooEarly(listing)
    if (table !== undefined) return table
    const made = newTree(path, root)
    for (const module of closure.modules) addOptions(made, module.options, module)
    const found = collector(made, (module, owner) => closure.sees(module, owner))
    for (const module of closure.modules) found.add(module, configOf(module), inside(module.site, 'config'))
    for (const { config, site } of handed) found.add(root, config, site)
    found.finish()
    return (table = made)
  }
}

function tooEarly(module: ModuleNode): Error {
  return fault(
    'TN1507',
    'a module reads config before it is known what is set',
    'Make the value a function: url: () => `https://…/${config.version}`.',
    [{ fact: 'in its config', site: inside(module.site, 'config') }],
  )
}
