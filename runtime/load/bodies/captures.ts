// captures.ts — what a body takes from the functions around it: plain values are lifted, code and context are refused.
import type { ts } from 'ts-morph'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { changeKind } from './changes.ts'
import { type ParsedModule, syntax } from './compiler.ts'
import { namesValue } from './names.ts'
import { positionOf } from './position.ts'
import type { RunFunction, StepDefinition } from './step-definitions.ts'

export interface Capture {
  readonly name: string
  readonly declaration: ts.Declaration
}

const THROUGH_PARAMS = 'Declare it in params and pass it where the step is used.'

/** @throws CodedError TN1104 or TN1107. */
export function captureOf(
  module: ParsedModule,
  { run, label }: StepDefinition,
  name: ts.Identifier,
  declaration: ts.Declaration,
): Capture {
  const position = positionOf(module, name)
  const what = codeKind(declaration)
  if (what !== undefined || run === name)
    throw new CodedError(
      'TN1104',
      `the body of step ${label} captures the ${what ?? 'variable'} '${name.text}' of a function around it`,
      {
        position,
        hint: 'Only plain data can follow a body into its process: move the function to the top level of the module.',
      },
    )
  if (changeKind(name) === 'reassigned')
    throw new CodedError(
      'TN1107',
      `the body of step ${label} assigns to '${name.text}', a variable around it`,
      {
        position,
        hint: 'A body runs later, in a process of its own: return the value in its output instead.',
      },
    )
  return { name: name.text, declaration }
}

function codeKind(declaration: ts.Declaration): 'function' | 'class' | undefined {
  if (syntax.isFunctionDeclaration(declaration) || syntax.isFunctionExpression(declaration)) return 'function'
  if (syntax.isClassLike(declaration)) return 'class'
  if (!syntax.isVariableDeclaration(declaration) || declaration.initializer === undefined) return undefined
  const value = declaration.initializer
  if (syntax.isArrowFunction(value) || syntax.isFunctionExpression(value)) return 'function'
  return syntax.isClassExpression(value) ? 'class' : undefined
}

/** @throws CodedError TN1103 for `this` and its like, TN1110 for `import.meta`. */
export function checkOwnContext(module: ParsedModule, run: RunFunction, label: string): void {
  if (syntax.isIdentifier(run)) return
  const walk = (node: ts.Node, isOwn: boolean): void => {
    if (syntax.isMetaProperty(node) && node.keywordToken === syntax.SyntaxKind.ImportKeyword)
      throw new CodedError('TN1110', `the body of step ${label} uses import.meta`, {
        position: positionOf(module, node),
        hint: 'A body is moved out of its file. Take project files in through the step input, with localFile or localSource.',
      })
    const word = isOwn ? contextWord(node) : undefined
    if (word !== undefined)
      throw new CodedError('TN1103', `the body of step ${label} uses ${word}`, {
        position: positionOf(module, node),
        hint: `A body runs alone. ${THROUGH_PARAMS}`,
      })
    const hasOwn = syntax.isClassLike(node) || (syntax.isFunctionLike(node) && !syntax.isArrowFunction(node))
    syntax.forEachChild(node, (child) => walk(child, isOwn && !hasOwn))
  }
  syntax.forEachChild(run, (child) => walk(child, true))
}

function contextWord(node: ts.Node): string | undefined {
  if (node.kind === syntax.SyntaxKind.ThisKeyword && !syntax.isTypeNode(node)) return 'this'
  if (node.kind === syntax.SyntaxKind.SuperKeyword) return 'super'
  if (syntax.isMetaProperty(node)) return 'new.target'
  if (syntax.isIdentifier(node) && node.text === 'arguments' && namesValue(node)) return 'arguments'
  return undefined
}
