// import-text.ts — an import declaration written anew with some of its names.
import type { ts } from 'ts-morph'
import { syntax } from './compiler.ts'

/** `kept`: specifiers, clauses and namespaces of one declaration; `nameOf` gives the local name of each. */
export function importText(
  statement: ts.ImportDeclaration,
  kept: readonly ts.Node[],
  nameOf: (name: ts.Identifier) => string,
): string {
  const parts: string[] = []
  const named: string[] = []
  for (const node of kept) {
    if (syntax.isImportClause(node) && node.name !== undefined) parts.push(nameOf(node.name))
    if (syntax.isNamespaceImport(node)) parts.push(`* as ${nameOf(node.name)}`)
    if (syntax.isImportSpecifier(node))
      named.push(`${(node.propertyName ?? node.name).getText()} as ${nameOf(node.name)}`)
  }
  if (named.length > 0) parts.push(`{ ${named.join(', ')} }`)
  const attributes = statement.attributes === undefined ? '' : ` ${statement.attributes.getText()}`
  return `import ${parts.join(', ')} from ${statement.moduleSpecifier.getText()}${attributes};`
}
