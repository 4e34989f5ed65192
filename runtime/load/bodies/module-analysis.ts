// module-analysis.ts — what there is to know of one module before its bodies are cut out.
import type { ts } from 'ts-morph'
import { type Change, changesOf } from './changes.ts'
import { type ParsedModule, parseModule } from './compiler.ts'
import { type Item, itemFinder, itemsOf } from './module-items.ts'
import { declarationOf } from './names.ts'
import { type StepDefinition, stepDefinitions } from './step-definitions.ts'

export interface ModuleAnalysis extends ParsedModule {
  readonly items: readonly Item[]
  readonly definitions: readonly StepDefinition[]
  readonly changes: ReadonlyMap<Item, readonly Change[]>
  /** The top-level item that a name stands for; undefined: a global, or declared deeper. */
  readonly itemOf: (name: ts.Identifier) => Item | undefined
}

/** @throws CodedError TN1100–TN1102. */
export function analyseModule(file: string, text: string): ModuleAnalysis {
  const module = parseModule(file, text)
  const items = itemsOf(module)
  const find = itemFinder(items)
  const definitions = stepDefinitions(module)
  const bodies = new Set<ts.Node>(definitions.map(({ member }) => member))
  const itemOf = (name: ts.Identifier): Item | undefined => {
    const declaration = declarationOf(module, name)
    return declaration === undefined ? undefined : find(declaration)
  }
  return { ...module, items, definitions, changes: changesOf(module, items, find, bodies), itemOf }
}
