// body-view.ts — a module that plans, as a body sees it when it imports a plain function of it: what plans is poisoned.
import type { ts } from 'ts-morph'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'
import { syntax } from './compiler.ts'
import { importText } from './import-text.ts'
import type { ModuleAnalysis } from './module-analysis.ts'
import { type Item, declaredNames, hasModifier } from './module-items.ts'
import { declarationOf, eachName } from './names.ts'
import { positionOf } from './position.ts'
import { type Edit, splice } from './splice.ts'
import { isTenonEntry, plans, SCHEMA_NAMES, tenonNameOf } from './tenon-names.ts'

export interface Poison {
  readonly name: string
  readonly position: SourcePosition
}

const MARK = '__tenonPlanned'

/** Values made while planning become calls without effects: bundling drops them unless the body reaches one. */
export function bodyView(module: ModuleAnalysis): string {
  const planned = plannedItems(module)
  const statements = Map.groupBy(module.items, ({ statement }) => statement)
  const edits = [...statements].flatMap(([statement, items]) =>
    statementEdits(module, statement, items, planned),
  )
  return splice(module.text, [...edits, ...exportEdits(module)])
}

/** The poison that a bundle still holds: the body reaches it. */
export function poisonIn(bundle: string): Poison | undefined {
  const found = new RegExp(`${MARK}\\(["'\`]([0-9a-f]+)["'\`]\\)`).exec(bundle)?.[1]
  // Written by poison() below.
  return found === undefined ? undefined : (JSON.parse(Buffer.from(found, 'hex').toString()) as Poison)
}

function poison(module: ModuleAnalysis, name: string, node: ts.Node): string {
  const value: Poison = { name, position: positionOf(module, node) }
  return `/* @__PURE__ */ ${MARK}("${Buffer.from(JSON.stringify(value)).toString('hex')}")`
}

/** Items that use Tenon to plan, and those that use them. */
function plannedItems(module: ModuleAnalysis): ReadonlySet<Item> {
  const planned = new Set<Item>()
  const users = new Map<Item, Item[]>()
  const pending: Item[] = []
  for (const item of module.items) {
    if (item.kind === 'import') continue
    eachName(item.node, (name) => {
      const declaration = declarationOf(module, name)
      const tenon = declaration === undefined ? undefined : tenonNameOf(declaration)
      if (tenon !== undefined && plans(name, tenon)) pending.push(item)
      const used = module.itemOf(name)
      if (used !== undefined && used !== item) users.set(used, [...(users.get(used) ?? []), item])
    })
  }
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    if (planned.has(item)) continue
    planned.add(item)
    pending.push(...(users.get(item) ?? []))
  }
  return planned
}

function statementEdits(
  module: ModuleAnalysis,
  statement: ts.Statement,
  items: readonly Item[],
  planned: ReadonlySet<Item>,
): readonly Edit[] {
  const [start, end] = [statement.getStart(module.source), statement.end]
  if (syntax.isImportDeclaration(statement)) return importEdits(statement, items, start)
  const poisoned = items.filter((item) => planned.has(item))
  if (syntax.isVariableStatement(statement))
    return poisoned.map((item) => {
      const values = declaredNames(item).map((name) => `${name.text} = ${poison(module, name.text, name)}`)
      return { start: item.node.getStart(module.source), end: item.node.end, text: values.join(', ') }
    })
  const [item] = poisoned
  return item === undefined ? [] : [{ start, end, text: replacement(module, item) }]
}

function importEdits(
  statement: ts.ImportDeclaration,
  items: readonly Item[],
  start: number,
): readonly Edit[] {
  const specifier = syntax.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : ''
  if (!isTenonEntry(specifier)) return []
  const kept = specifier === 'tenon' ? items.map(({ node }) => node).filter(isSchemaImport) : []
  const text = kept.length === 0 ? '' : importText(statement, kept, (name) => name.text)
  return [{ start, end: statement.end, text }]
}

function isSchemaImport(node: ts.Node): boolean {
  return (
    syntax.isNamespaceImport(node) ||
    (syntax.isImportSpecifier(node) && SCHEMA_NAMES.has((node.propertyName ?? node.name).text))
  )
}

function replacement(module: ModuleAnalysis, item: Item): string {
  const { node } = item
  const isDefault = hasModifier(node, syntax.SyntaxKind.DefaultKeyword)
  if (isDefault || (syntax.isExportAssignment(node) && node.isExportEquals !== true))
    return `export default ${poison(module, 'default', node)};`
  const [name] = declaredNames(item)
  if (name === undefined) return ';'
  return `${item.isExported ? 'export ' : ''}const ${name.text} = ${poison(module, name.text, name)};`
}

/** Re-exports of Tenon itself. */
function exportEdits(module: ModuleAnalysis): readonly Edit[] {
  return module.source.statements.flatMap((statement) => {
    const specifier = syntax.isExportDeclaration(statement) ? statement.moduleSpecifier : undefined
    if (specifier === undefined || !syntax.isStringLiteral(specifier) || !isTenonEntry(specifier.text))
      return []
    return [{ start: statement.getStart(module.source), end: statement.end, text: ';' }]
  })
}
