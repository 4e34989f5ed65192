// step-definitions.ts — finds the calls of defineStep in a module and the `run` of each; leaves what run uses to slice.ts.
import type { ts } from 'ts-morph'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { ModuleInterpreter } from '../../../dsl/plan/plan.ts'
import { type ParsedModule, syntax } from './compiler.ts'
import { declarationOf, eachName } from './names.ts'
import { positionOf } from './position.ts'
import { tenonNameOf, tenonUse } from './tenon-names.ts'

export type RunFunction = ts.MethodDeclaration | ts.ArrowFunction | ts.FunctionExpression | ts.Identifier

export interface StepDefinition {
  /** The step's own name, where it is written as a literal; else a description. */
  readonly label: string
  /** The member of defineStep's object that is replaced as a whole. */
  readonly member: ts.ObjectLiteralElementLike
  readonly run: RunFunction
  readonly interpreter: ModuleInterpreter
}

/** @throws CodedError TN1100–TN1102, TN1112 for a body or an interpreter that can't be found in the text. */
export function stepDefinitions(module: ParsedModule): readonly StepDefinition[] {
  const definitions: StepDefinition[] = []
  refuseReexport(module)
  eachName(module.source, (name) => {
    const declaration = declarationOf(module, name)
    const tenon = declaration === undefined ? undefined : tenonNameOf(declaration)
    if (tenon?.entry !== 'tenon' || tenonUse(name, tenon) !== 'defineStep' || isDeclaring(name)) return
    if (syntax.isExportSpecifier(name.parent)) throw handedOn(module, name)
    const definition = definitionAt(module, name)
    if (definition !== undefined) definitions.push(definition)
  })
  return definitions
}

/** Calls of a defineStep that another module hands on could not be told from any other call. */
function refuseReexport(module: ParsedModule): void {
  for (const statement of module.source.statements) {
    if (!syntax.isExportDeclaration(statement) || statement.isTypeOnly) continue
    const { moduleSpecifier: from, exportClause: clause } = statement
    if (from === undefined || !syntax.isStringLiteral(from) || from.text !== 'tenon') continue
    const names = clause !== undefined && syntax.isNamedExports(clause) ? clause.elements : undefined
    if (names?.every(({ name, propertyName }) => (propertyName ?? name).text !== 'defineStep') === true)
      continue
    throw handedOn(module, statement)
  }
}

function handedOn(module: ParsedModule, node: ts.Node): CodedError {
  return new CodedError('TN1102', 'defineStep is exported again', {
    position: positionOf(module, node),
    hint: "Import it from 'tenon' in each module that calls it: step bodies are found by that import.",
  })
}

/** Imports and `require` name defineStep without using it. */
function isDeclaring(name: ts.Identifier): boolean {
  const { parent } = name
  if (syntax.isBindingElement(parent) || syntax.isVariableDeclaration(parent)) return parent.name === name
  return syntax.isImportSpecifier(parent) || syntax.isNamespaceImport(parent)
}

function definitionAt(module: ParsedModule, name: ts.Identifier): StepDefinition | undefined {
  const callee = outermostCallee(name)
  const call = callee.parent
  if (!syntax.isCallExpression(call) || call.expression !== callee)
    throw new CodedError('TN1102', 'defineStep is used as a value', {
      position: positionOf(module, name),
      hint: 'Call it where the step is defined: its body is found in the text of the call.',
    })
  const [argument] = call.arguments
  const object = argument === undefined ? undefined : unwrapped(argument)
  if (object === undefined || !syntax.isObjectLiteralExpression(object))
    throw new CodedError(
      'TN1101',
      'defineStep is called with something else than an object written in place',
      {
        position: positionOf(module, argument ?? call),
        hint: "Write the step's members between the braces of the call: defineStep({ name, run() { … } }).",
      },
    )
  const member = memberOf(object, 'run')
  if (member === undefined) return undefined
  const interpreter = interpreterOf(module, memberOf(object, 'interpreter'))
  return { label: labelOf(object), member, run: runOf(module, member), interpreter }
}

function memberOf(object: ts.ObjectLiteralExpression, name: string): ts.ObjectLiteralElementLike | undefined {
  return object.properties.find((member) => member.name !== undefined && nameText(member.name) === name)
}

/** From `defineStep` to the whole of `(0, tenon.defineStep)`. */
function outermostCallee(name: ts.Identifier): ts.Node {
  let node: ts.Node = name
  for (;;) {
    const { parent } = node
    const isLastOfComma = syntax.isBinaryExpression(parent) && parent.right === node && isComma(parent)
    const isObject = syntax.isPropertyAccessExpression(parent) && parent.expression === name
    if (!isObject && !isLastOfComma && !syntax.isParenthesizedExpression(parent)) return node
    node = parent
  }
}

function isComma({ operatorToken }: ts.BinaryExpression): boolean {
  return operatorToken.kind === syntax.SyntaxKind.CommaToken
}

/** Without parentheses, `as`, `satisfies` and `!`. */
function unwrapped(expression: ts.Expression): ts.Expression {
  let inner = expression
  while (
    syntax.isParenthesizedExpression(inner) ||
    syntax.isAsExpression(inner) ||
    syntax.isSatisfiesExpression(inner) ||
    syntax.isNonNullExpression(inner) ||
    syntax.isTypeAssertionExpression(inner)
  )
    inner = inner.expression
  return inner
}

function nameText(name: ts.PropertyName): string | undefined {
  if (syntax.isComputedPropertyName(name))
    return syntax.isStringLiteralLike(name.expression) ? name.expression.text : undefined
  return syntax.isPrivateIdentifier(name) ? undefined : name.text
}

function labelOf(object: ts.ObjectLiteralExpression): string {
  for (const property of object.properties) {
    if (!syntax.isPropertyAssignment(property) || nameText(property.name) !== 'name') continue
    const value = unwrapped(property.initializer)
    if (syntax.isStringLiteralLike(value)) return `'${value.text}'`
  }
  return 'defined here'
}

/** A body is bundled for its interpreter, so the text must say which it is. */
function interpreterOf(
  module: ParsedModule,
  member: ts.ObjectLiteralElementLike | undefined,
): ModuleInterpreter {
  if (member === undefined) return 'node'
  const value = syntax.isPropertyAssignment(member) ? unwrapped(member.initializer) : undefined
  const text = value !== undefined && syntax.isStringLiteralLike(value) ? value.text : undefined
  if (text === 'node' || text === 'quickjs') return text
  throw new CodedError('TN1112', "the interpreter of a step is not written as 'node' or 'quickjs'", {
    position: positionOf(module, value ?? member),
    hint: "Write it in place: interpreter: 'quickjs'. A body is bundled for its interpreter before anything is planned.",
  })
}

function runOf(module: ParsedModule, member: ts.ObjectLiteralElementLike): RunFunction {
  if (syntax.isMethodDeclaration(member)) return member
  const value = syntax.isPropertyAssignment(member)
    ? unwrapped(member.initializer)
    : syntax.isShorthandPropertyAssignment(member)
      ? member.name
      : undefined
  if (value !== undefined && (syntax.isArrowFunction(value) || syntax.isFunctionExpression(value)))
    return value
  if (value !== undefined && syntax.isIdentifier(value)) return value
  throw new CodedError('TN1100', 'run is not written as a function', {
    position: positionOf(module, value ?? member),
    hint: 'Write it as a method, an arrow function or the name of a function of this module: the body leaves this file.',
  })
}
