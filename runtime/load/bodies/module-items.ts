// module-items.ts — a module as the list of things that its top level does: imports, declarations, effects.
import type { ts } from 'ts-morph'
import { type ParsedModule, syntax } from './compiler.ts'
import { eachName } from './names.ts'

export interface Item {
  /** declaration: names values; effect: runs for what it does, exports included. */
  readonly kind: 'import' | 'declaration' | 'effect'
  /** An import's specifier or clause, one declarator of a `const`, a function, a class, a statement. */
  readonly node: ts.Node
  readonly statement: ts.Statement
  readonly isExported: boolean
}

/** Types and interfaces are no items. */
export function itemsOf({ source }: ParsedModule): readonly Item[] {
  return source.statements.flatMap((statement): Item[] => {
    if (syntax.isImportDeclaration(statement)) return importItems(statement)
    if (!hasValues(statement)) return []
    const isExported = hasModifier(statement, syntax.SyntaxKind.ExportKeyword)
    if (syntax.isVariableStatement(statement))
      return statement.declarationList.declarations.map((node) => ({
        kind: 'declaration',
        node,
        statement,
        isExported,
      }))
    const kind = isDeclaring(statement) ? 'declaration' : 'effect'
    return [{ kind, node: statement, statement, isExported }]
  })
}

function importItems(statement: ts.ImportDeclaration): Item[] {
  const clause = statement.importClause
  const names: ts.Node[] = []
  const bindings = clause?.namedBindings
  if (clause?.name !== undefined) names.push(clause)
  if (bindings !== undefined && syntax.isNamespaceImport(bindings)) names.push(bindings)
  if (bindings !== undefined && syntax.isNamedImports(bindings))
    names.push(...bindings.elements.filter((e) => !e.isTypeOnly))
  if (clause?.isTypeOnly === true) return []
  return names.map((node) => ({ kind: 'import', node, statement, isExported: false }))
}

export function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return (
    syntax.canHaveModifiers(node) &&
    syntax.getModifiers(node)?.some((modifier) => modifier.kind === kind) === true
  )
}

function hasValues(statement: ts.Statement): boolean {
  const isType = syntax.isInterfaceDeclaration(statement) || syntax.isTypeAliasDeclaration(statement)
  const isOverload = syntax.isFunctionDeclaration(statement) && statement.body === undefined
  return !isType && !isOverload && !hasModifier(statement, syntax.SyntaxKind.DeclareKeyword)
}

function isDeclaring(statement: ts.Statement): boolean {
  return (
    syntax.isFunctionDeclaration(statement) ||
    syntax.isClassDeclaration(statement) ||
    syntax.isEnumDeclaration(statement) ||
    syntax.isModuleDeclaration(statement)
  )
}

/** Finds the item that declares a value at the top level; undefined for what is declared deeper. */
export function itemFinder(items: readonly Item[]): (declaration: ts.Declaration) => Item | undefined {
  const byNode = new Map(items.map((item) => [item.node, item]))
  return (declaration) => {
    let node: ts.Node = declaration
    while (
      syntax.isBindingElement(node) ||
      syntax.isObjectBindingPattern(node) ||
      syntax.isArrayBindingPattern(node)
    )
      node = node.parent
    const item = byNode.get(node)
    return item?.kind === 'effect' ? undefined : item
  }
}

/** The identifiers that an item declares. */
export function declaredNames(item: Item): readonly ts.Identifier[] {
  const { node } = item
  if (syntax.isVariableDeclaration(node)) return boundNames(node.name)
  if (syntax.isImportClause(node) || syntax.isImportSpecifier(node) || syntax.isNamespaceImport(node))
    return node.name === undefined || !syntax.isIdentifier(node.name) ? [] : [node.name]
  const isNamed =
    syntax.isFunctionDeclaration(node) || syntax.isClassDeclaration(node) || syntax.isEnumDeclaration(node)
  return isNamed && node.name !== undefined ? [node.name] : []
}

function boundNames(pattern: ts.BindingName): readonly ts.Identifier[] {
  const names: ts.Identifier[] = []
  if (syntax.isIdentifier(pattern)) return [pattern]
  for (const element of pattern.elements)
    if (syntax.isBindingElement(element)) eachName(element.name, (name) => isBound(name) && names.push(name))
  return names
}

/** In a pattern, names of default values are reads. */
function isBound(name: ts.Identifier): boolean {
  return syntax.isBindingElement(name.parent) && name.parent.name === name
}
