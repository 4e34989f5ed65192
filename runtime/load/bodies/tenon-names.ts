// tenon-names.ts — which names of a module come from 'tenon', and whether a value of it can exist inside a step.
import type { ts } from 'ts-morph'
import { syntax } from './compiler.ts'

/** What 'tenon' offers that describes data and so runs anywhere, by the module that has it; all else of it plans. */
export const SCHEMA_MODULES = {
  'dsl/schema/artifact': ['file', 'tree', 'workTree'],
  'dsl/schema/artifact3': ['file3', 'tree3', 'workTree3'],
} as const
export const SCHEMA_NAMES: ReadonlySet<string> = new Set(Object.values(SCHEMA_MODULES).flat())

export interface TenonName {
  readonly entry: 'tenon' | 'tenon/steps'
  /** As exported; `*` for the namespace as a whole. */
  readonly exported: string
}

/** A quick look before any parsing: a module without these characters imports nothing of Tenon. */
export function mentionsTenon(text: string): boolean {
  return /['"]tenon(?:\/steps)?['"]/.test(text)
}

export function isTenonEntry(specifier: string): specifier is TenonName['entry'] {
  return specifier === 'tenon' || specifier === 'tenon/steps'
}

/** The member of Tenon that a declaration of this module stands for. */
export function tenonNameOf(declaration: ts.Declaration): TenonName | undefined {
  const from = importedFrom(declaration)
  if (from === undefined || !isTenonEntry(from.specifier)) return undefined
  return { entry: from.specifier, exported: from.exported }
}

/** For an import, or a `require` of compiled code: where from, and which export of it (`*`: all). */
export function importedFrom(
  declaration: ts.Declaration,
): { specifier: string; exported: string } | undefined {
  if (syntax.isImportSpecifier(declaration))
    return from(declaration.parent.parent.parent, (declaration.propertyName ?? declaration.name).text)
  if (syntax.isNamespaceImport(declaration)) return from(declaration.parent.parent, '*')
  if (syntax.isImportClause(declaration)) return from(declaration.parent, 'default')
  if (syntax.isVariableDeclaration(declaration)) {
    const specifier = requiredBy(declaration.initializer)
    return specifier === undefined ? undefined : { specifier, exported: '*' }
  }
  if (syntax.isBindingElement(declaration)) {
    const variable = declaration.parent.parent
    const specifier = syntax.isVariableDeclaration(variable) ? requiredBy(variable.initializer) : undefined
    const exported = declaration.propertyName ?? declaration.name
    if (specifier !== undefined && syntax.isIdentifier(exported))
      return { specifier, exported: exported.text }
  }
  return undefined
}

function from(node: ts.Node, exported: string): { specifier: string; exported: string } | undefined {
  if (!syntax.isImportDeclaration(node) || !syntax.isStringLiteral(node.moduleSpecifier)) return undefined
  return { specifier: node.moduleSpecifier.text, exported }
}

function requiredBy(initializer: ts.Expression | undefined): string | undefined {
  if (initializer === undefined || !syntax.isCallExpression(initializer)) return undefined
  const [argument] = initializer.arguments
  const isRequire = syntax.isIdentifier(initializer.expression) && initializer.expression.text === 'require'
  return isRequire && argument !== undefined && syntax.isStringLiteral(argument) ? argument.text : undefined
}

/** How one use of a name of Tenon reads: `chain` for `chain(…)` and for `t.chain(…)`. */
export function tenonUse(name: ts.Identifier, tenon: TenonName): string {
  if (tenon.exported !== '*') return tenon.exported
  const { parent } = name
  return syntax.isPropertyAccessExpression(parent) && parent.expression === name ? parent.name.text : '*'
}

/** The use can only happen while planning. */
export function plans(name: ts.Identifier, tenon: TenonName): boolean {
  return tenon.entry !== 'tenon' || !SCHEMA_NAMES.has(tenonUse(name, tenon))
}
