// names.ts — the identifiers of a piece of code that name values, and what declares each; types are left out.
import type { ts } from 'ts-morph'
import { type ParsedModule, syntax } from './compiler.ts'

/** Calls `visit` for each identifier that reads, writes or declares a value, in the order of the text. */
export function eachName(
  root: ts.Node,
  visit: (name: ts.Identifier) => void,
  skip?: ReadonlySet<ts.Node>,
): void {
  const walk = (node: ts.Node): void => {
    if (skip?.has(node) === true || isErased(node)) return
    if (syntax.isIdentifier(node)) {
      if (namesValue(node)) visit(node)
      return
    }
    if (syntax.isExpressionWithTypeArguments(node)) return walk(node.expression)
    syntax.forEachChild(node, walk)
  }
  walk(root)
}

/** Code that is gone once types are stripped. */
function isErased(node: ts.Node): boolean {
  if (syntax.isExpressionWithTypeArguments(node)) return isImplements(node.parent)
  return (
    syntax.isTypeNode(node) ||
    syntax.isInterfaceDeclaration(node) ||
    syntax.isTypeAliasDeclaration(node) ||
    syntax.isTypeParameterDeclaration(node) ||
    (syntax.isImportDeclaration(node) && node.importClause?.isTypeOnly === true) ||
    (syntax.isExportDeclaration(node) && node.isTypeOnly) ||
    ((syntax.isImportSpecifier(node) || syntax.isExportSpecifier(node)) && node.isTypeOnly) ||
    (syntax.canHaveModifiers(node) &&
      syntax.getModifiers(node)?.some(({ kind }) => kind === syntax.SyntaxKind.DeclareKeyword) === true)
  )
}

function isImplements(parent: ts.Node): boolean {
  return syntax.isHeritageClause(parent) && parent.token === syntax.SyntaxKind.ImplementsKeyword
}

/** As against the name of a member, a label, or part of a type. */
export function namesValue(name: ts.Identifier): boolean {
  const { parent } = name
  if (syntax.isPropertyAccessExpression(parent)) return parent.name !== name
  if (syntax.isQualifiedName(parent) || syntax.isMetaProperty(parent)) return false
  if (syntax.isBindingElement(parent)) return parent.propertyName !== name
  if (syntax.isImportSpecifier(parent)) return parent.name === name
  if (syntax.isExportSpecifier(parent))
    return isLocalExport(parent) && (parent.propertyName ?? parent.name) === name
  if (syntax.isNamespaceExport(parent) || syntax.isJsxAttribute(parent)) return false
  if (syntax.isLabeledStatement(parent) || syntax.isBreakOrContinueStatement(parent)) return false
  if (syntax.isShorthandPropertyAssignment(parent)) return true
  const isMember =
    syntax.isPropertyAssignment(parent) || syntax.isClassElement(parent) || syntax.isEnumMember(parent)
  return !(isMember && parent.name === name)
}

function isLocalExport(specifier: ts.ExportSpecifier): boolean {
  return specifier.parent.parent.moduleSpecifier === undefined
}

/** What declares the value that `name` stands for; undefined: a global. */
export function declarationOf(module: ParsedModule, name: ts.Identifier): ts.Declaration | undefined {
  const symbol = symbolOf(module.checker, name)
  const isImplementation = (each: ts.Declaration): boolean =>
    syntax.isFunctionDeclaration(each) && each.body !== undefined
  const declaration =
    symbol?.declarations?.find(isImplementation) ??
    symbol?.valueDeclaration ??
    symbol?.declarations?.find((each) => !isErased(each))
  return declaration?.getSourceFile() === module.source ? declaration : undefined
}

function symbolOf(checker: ts.TypeChecker, name: ts.Identifier): ts.Symbol | undefined {
  const { parent } = name
  if (syntax.isShorthandPropertyAssignment(parent) && parent.name === name)
    return checker.getShorthandAssignmentValueSymbol(parent)
  if (syntax.isExportSpecifier(parent)) return checker.getExportSpecifierLocalTargetSymbol(parent)
  return checker.getSymbolAtLocation(name)
}
