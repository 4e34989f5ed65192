// changes.ts — where a module assigns to its own top-level names, or changes the objects behind them.
import type { ts } from 'ts-morph'
import { type ParsedModule, syntax } from './compiler.ts'
import type { Item } from './module-items.ts'
import { declarationOf, eachName } from './names.ts'

export interface Change {
  readonly kind: 'reassigned' | 'changed'
  readonly name: ts.Identifier
  /** The item whose code does it. */
  readonly by: Item
  /** It happens while the module is first run, not in a function called later. */
  readonly isInitial: boolean
}

/** Methods that change their receiver, of the collections that modules keep at the top level. */
const CHANGING_METHODS = new Set(
  'push pop shift unshift splice sort reverse fill copyWithin set add delete clear'.split(' '),
)

/** By the item that is changed. `skip`: step bodies, which change only their own copy of an object. */
export function changesOf(
  module: ParsedModule,
  items: readonly Item[],
  find: (declaration: ts.Declaration) => Item | undefined,
  skip: ReadonlySet<ts.Node>,
): ReadonlyMap<Item, readonly Change[]> {
  const changes = new Map<Item, Change[]>()
  for (const by of items)
    eachName(by.node, (name) => {
      const kind = changeKind(name)
      if (kind === undefined || (kind === 'changed' && isInside(name, skip))) return
      const declaration = declarationOf(module, name)
      const item = declaration === undefined ? undefined : find(declaration)
      if (item === undefined) return
      const list = changes.get(item) ?? []
      changes.set(item, [...list, { kind, name, by, isInitial: isInitial(name, by.node) }])
    })
  return changes
}

function isInside(node: ts.Node, roots: ReadonlySet<ts.Node>): boolean {
  for (let each: ts.Node | undefined = node; each !== undefined; each = each.parent)
    if (roots.has(each)) return true
  return false
}

function isInitial(node: ts.Node, top: ts.Node): boolean {
  for (let each = node; each !== top; each = each.parent) if (syntax.isFunctionLike(each)) return false
  return !syntax.isFunctionLike(top)
}

/** How an expression changes what `name` stands for, if it does. */
export function changeKind(name: ts.Identifier): Change['kind'] | undefined {
  if (isAssigned(name)) return 'reassigned'
  const whole = memberChain(name)
  if (whole !== name) {
    if (isAssigned(whole) || syntax.isDeleteExpression(whole.parent)) return 'changed'
    const isCalled = syntax.isCallExpression(whole.parent) && whole.parent.expression === whole
    return isCalled && CHANGING_METHODS.has(lastMember(whole)) ? 'changed' : undefined
  }
  return isFirstArgumentOfObject(name) ? 'changed' : undefined
}

/** From `a` to the whole of `a.b[c]`. */
function memberChain(name: ts.Node): ts.Node {
  let node = name
  for (;;) {
    const { parent } = node
    const isMember =
      (syntax.isPropertyAccessExpression(parent) || syntax.isElementAccessExpression(parent)) &&
      parent.expression === node
    if (!isMember && !syntax.isNonNullExpression(parent)) return node
    node = parent
  }
}

function lastMember(chain: ts.Node): string {
  return syntax.isPropertyAccessExpression(chain) ? chain.name.text : ''
}

/** `Object.assign(a, …)`, `Object.defineProperty(a, …)`. */
function isFirstArgumentOfObject({ parent }: ts.Identifier): boolean {
  if (!syntax.isCallExpression(parent) || !syntax.isPropertyAccessExpression(parent.expression)) return false
  const { expression, name } = parent.expression
  const isObject = syntax.isIdentifier(expression) && expression.text === 'Object'
  return isObject && ['assign', 'defineProperty', 'defineProperties', 'setPrototypeOf'].includes(name.text)
}

/** The target of `=`, `+=`, `++`, of a destructuring assignment, or of a loop. */
function isAssigned(target: ts.Node): boolean {
  const { parent } = target
  if (syntax.isPrefixUnaryExpression(parent) || syntax.isPostfixUnaryExpression(parent))
    return (
      parent.operator === syntax.SyntaxKind.PlusPlusToken ||
      parent.operator === syntax.SyntaxKind.MinusMinusToken
    )
  if (syntax.isForInStatement(parent) || syntax.isForOfStatement(parent)) return parent.initializer === target
  if (syntax.isBinaryExpression(parent)) return parent.left === target && isAssignment(parent)
  const isPattern =
    syntax.isArrayLiteralExpression(parent) ||
    syntax.isSpreadElement(parent) ||
    syntax.isSpreadAssignment(parent) ||
    syntax.isShorthandPropertyAssignment(parent) ||
    (syntax.isPropertyAssignment(parent) && parent.initializer === target) ||
    syntax.isObjectLiteralExpression(parent) ||
    syntax.isParenthesizedExpression(parent)
  return isPattern && isAssigned(parent)
}

function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= syntax.SyntaxKind.FirstAssignment && kind <= syntax.SyntaxKind.LastAssignment
}
