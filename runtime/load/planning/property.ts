// property.ts — from a call in a build file to a member of what is written in its arguments. Knows syntax only; runs when an error or a list of options shows a place.
import { readFileSync } from 'node:fs'
import type { ts } from 'ts-morph'
import type { PropertyPath, SourcePosition } from '../../../dsl/plan/plan.ts'
import { loadCompilerNow, syntax } from '../bodies/compiler.ts'
import { importedFrom } from '../bodies/tenon-names.ts'

/**
 * Where the innermost member of `path` stands that is written there: what the rest of it comes from is not followed
 * beyond the file, nor where it could be one of several things. The call itself when nothing of it is written there.
 */
export function memberAt(call: SourcePosition, [argument, ...path]: PropertyPath): SourcePosition {
  const source = parsed(call.file)
  const made = source === undefined ? undefined : callAt(source, call)
  if (source === undefined || made === undefined || typeof argument !== 'number') return call
  let place: ts.Node | undefined
  let value = written(source, argumentOf(made, argument))
  for (const name of path) {
    const member = value === undefined ? undefined : memberOf(value, name)
    if (member === undefined) break
    place = member.place
    value = written(source, member.value)
  }
  if (place === undefined) return call
  const { line, character } = source.getLineAndCharacterOfPosition(place.getStart(source))
  return { file: call.file, line: line + 1, column: character + 1 }
}

let latest: { readonly file: string; readonly source: ts.SourceFile } | undefined

function parsed(file: string): ts.SourceFile | undefined {
  if (latest?.file === file) return latest.source
  try {
    const text = readFileSync(file, 'utf8')
    loadCompilerNow()
    const source = syntax.createSourceFile(file, text, syntax.ScriptTarget.ESNext, true)
    latest = { file, source }
    return source
  } catch {
    return undefined // unreadable meanwhile: the call's own line is known
  }
}

/** The call whose callee's name begins exactly there. */
function callAt(source: ts.SourceFile, { line, column }: SourcePosition): ts.CallExpression | undefined {
  if (line > source.getLineStarts().length) return undefined
  const at = source.getPositionOfLineAndCharacter(line - 1, 0) + column - 1
  let found: ts.CallExpression | undefined
  const visit = (node: ts.Node): void => {
    if (at < node.getFullStart() || at >= node.getEnd()) return
    if (syntax.isCallExpression(node) && calleeName(node.expression)?.getStart(source) === at) found = node
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

/** Behind a spread it could be any. */
function argumentOf({ arguments: given }: ts.CallExpression, index: number): ts.Node | undefined {
  return given.slice(0, index + 1).some(syntax.isSpreadElement) ? undefined : given[index]
}

function calleeName(callee: ts.Expression): ts.Node | undefined {
  if (syntax.isIdentifier(callee)) return callee
  return syntax.isPropertyAccessExpression(callee) ? callee.name : undefined
}

interface Member {
  readonly place: ts.Node
  readonly value: ts.Node | undefined
}

function memberOf(value: ts.Node, name: string | number): Member | undefined {
  if (syntax.isArrayLiteralExpression(value)) {
    const element = value.elements[Number(name)]
    const isPlain = element !== undefined && !value.elements.some(syntax.isSpreadElement)
    return isPlain ? { place: element, value: element } : undefined
  }
  if (!syntax.isObjectLiteralExpression(value)) return undefined
  const last = value.properties.findLast(
    (each) => nameOf(each) === undefined || nameOf(each) === String(name),
  )
  // What is spread, or has a computed name, may be it.
  if (last === undefined || nameOf(last) === undefined) return undefined
  return { place: last, value: valueOf(last) }
}

/** Undefined when only running it would tell. */
function nameOf({ name }: ts.ObjectLiteralElementLike): string | undefined {
  return name !== undefined && (syntax.isIdentifier(name) || syntax.isStringLiteralLike(name))
    ? name.text
    : undefined
}

function valueOf(property: ts.ObjectLiteralElementLike): ts.Node | undefined {
  if (syntax.isPropertyAssignment(property)) return property.initializer
  if (syntax.isShorthandPropertyAssignment(property)) return property.name
  return syntax.isMethodDeclaration(property) ? property : undefined
}

/** The literal that an expression is, if it is one: past wrappers, what functions return, and constants of this file. */
function written(source: ts.SourceFile, node: ts.Node | undefined, depth = 0): ts.Node | undefined {
  if (node === undefined || depth > 20) return undefined
  const further = (next: ts.Node | undefined): ts.Node | undefined => written(source, next, depth + 1)
  if (
    syntax.isParenthesizedExpression(node) ||
    syntax.isAsExpression(node) ||
    syntax.isSatisfiesExpression(node) ||
    syntax.isNonNullExpression(node)
  )
    return further(node.expression)
  if (syntax.isArrowFunction(node) || syntax.isFunctionExpression(node) || syntax.isMethodDeclaration(node))
    return further(resultOf(node))
  if (syntax.isIdentifier(node)) return further(constantOf(source, node.text))
  if (syntax.isCallExpression(node)) return further(weightedBy(source, node))
  return node
}

/** Of a function with one way out. */
function resultOf({ body }: ts.FunctionLikeDeclaration): ts.Node | undefined {
  if (body === undefined || !syntax.isBlock(body)) return body
  const returns: ts.ReturnStatement[] = []
  const visit = (node: ts.Node): void => {
    if (syntax.isReturnStatement(node)) returns.push(node)
    if (!syntax.isFunctionLike(node)) node.forEachChild(visit)
  }
  body.forEachChild(visit)
  return returns.length === 1 ? returns[0]?.expression : undefined
}

const WEIGHTS = new Set(['mkDefault', 'mkForce', 'mkBefore', 'mkAfter', 'mkOrder', 'mkIf'])

/** `mkForce(value)`: the value stands last. */
function weightedBy(source: ts.SourceFile, call: ts.CallExpression): ts.Node | undefined {
  if (!syntax.isIdentifier(call.expression)) return undefined
  const declaration = soleDeclaration(source, call.expression.text)
  const from = declaration === undefined ? undefined : importedFrom(declaration)
  return from?.specifier === 'tenon' && WEIGHTS.has(from.exported) ? call.arguments.at(-1) : undefined
}

/** What a constant is, if nobody changes its members. */
function constantOf(source: ts.SourceFile, name: string): ts.Node | undefined {
  const declaration = soleDeclaration(source, name)
  if (declaration === undefined || !syntax.isVariableDeclaration(declaration)) return undefined
  const isConstant = (declaration.parent.flags & syntax.NodeFlags.Const) !== 0
  return isConstant && !namesOf(source, name).some(isChanged) ? declaration.initializer : undefined
}

/** Undefined also for a name that means several things in the file. */
function soleDeclaration(source: ts.SourceFile, name: string): ts.Declaration | undefined {
  const declarations = namesOf(source, name).flatMap(({ parent }) => (declares(parent, name) ? [parent] : []))
  return declarations.length === 1 ? declarations[0] : undefined
}

function namesOf(source: ts.SourceFile, name: string): readonly ts.Identifier[] {
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (syntax.isIdentifier(node) && node.text === name) found.push(node)
    node.forEachChild(visit)
  }
  visit(source)
  return found
}

function declares(node: ts.Node, name: string): node is ts.NamedDeclaration {
  const isDeclaration =
    syntax.isVariableDeclaration(node) ||
    syntax.isParameter(node) ||
    syntax.isBindingElement(node) ||
    syntax.isImportSpecifier(node) ||
    syntax.isImportClause(node) ||
    syntax.isNamespaceImport(node) ||
    syntax.isFunctionDeclaration(node) ||
    syntax.isFunctionExpression(node) ||
    syntax.isClassLike(node) ||
    syntax.isEnumDeclaration(node)
  return isDeclaration && node.name !== undefined && syntax.isIdentifier(node.name) && node.name.text === name
}

/** `name.x = …`, `delete name.x`, `Object.assign(name, …)`. */
function isChanged(name: ts.Identifier): boolean {
  let whole: ts.Node = name
  while (
    (syntax.isPropertyAccessExpression(whole.parent) || syntax.isElementAccessExpression(whole.parent)) &&
    whole.parent.expression === whole
  )
    whole = whole.parent
  const { parent } = whole
  if (syntax.isDeleteExpression(parent)) return true
  if (syntax.isCallExpression(parent))
    return parent.arguments[0] === whole && /^(?:Object|Reflect)\./.test(parent.expression.getText())
  return (
    whole !== name &&
    syntax.isBinaryExpression(parent) &&
    parent.left === whole &&
    parent.operatorToken.kind >= syntax.SyntaxKind.FirstAssignment &&
    parent.operatorToken.kind <= syntax.SyntaxKind.LastAssignment
  )
}
