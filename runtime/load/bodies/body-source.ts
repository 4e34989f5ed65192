// body-source.ts — a slice as a module of its own; its default export takes the captures and gives `run`. Lines stay in place.
import type { ts } from 'ts-morph'
import { CanonicalNames } from './canonical-names.ts'
import { syntax } from './compiler.ts'
import { importText } from './import-text.ts'
import type { ModuleAnalysis } from './module-analysis.ts'
import { type Item, hasModifier } from './module-items.ts'
import { type Edit, blanksBetween, splice } from './splice.ts'
import type { Slice } from './slice.ts'

interface Piece {
  readonly start: number
  readonly end: number
  readonly edits: readonly Edit[]
}

/** In the language of the module it is cut from. */
export function bodySource(module: ModuleAnalysis, slice: Slice): string {
  const { run } = slice.definition
  const names = new CanonicalNames(module, isOwnOf(slice))
  const isNamed = syntax.isIdentifier(run)
  // The body first: its names are numbered from its own text, wherever it stands in the module.
  const pieces = isNamed ? [] : [bodyPiece(module, slice, run, names)]
  const byStatement = Map.groupBy(slice.items, ({ statement }) => statement)
  for (const [statement, items] of byStatement)
    pieces.push(...statementPieces(module, statement, items, names))
  const edits = [...blanksBetween(module.text, pieces), ...pieces.flatMap((piece) => piece.edits)]
  const source = splice(module.text, edits)
  return isNamed ? `${source}\nexport default () => ${names.of(run)};\n` : source
}

function isOwnOf({ definition: { run }, items, captures }: Slice): (declaration: ts.Declaration) => boolean {
  const roots = [run, ...[...items].map(({ node }) => node)]
  const captured = new Set(captures.map(({ declaration }) => declaration))
  return (declaration) =>
    captured.has(declaration) ||
    roots.some((root) => declaration.pos >= root.pos && declaration.end <= root.end)
}

function bodyPiece(
  { source }: ModuleAnalysis,
  { captures }: Slice,
  run: ts.Node,
  names: CanonicalNames,
): Piece {
  const [start, end] = [run.getStart(source), run.end]
  const isMethod = syntax.isMethodDeclaration(run)
  const [open, close] = isMethod ? ['({ ', ' }).run'] : ['(', ')']
  const edits = names.editsIn(run)
  const lifted = captures.map(({ name, declaration }) => `${name}: ${names.ofDeclaration(declaration, name)}`)
  const before = `export default (${lifted.length === 0 ? '' : `{ ${lifted.join(', ')} }`}) => ${open}`
  return {
    start,
    end,
    edits: [{ start, end: start, text: before }, ...edits, { start: end, end, text: `${close};` }],
  }
}

function statementPieces(
  { source }: ModuleAnalysis,
  statement: ts.Statement,
  items: readonly Item[],
  names: CanonicalNames,
): readonly Piece[] {
  if (syntax.isImportDeclaration(statement)) {
    const [start, end] = [statement.getStart(source), statement.end]
    const text = importText(statement, items.map(({ node }) => node), (name) => names.of(name)) // prettier-ignore
    return [{ start, end, edits: [{ start, end, text }] }]
  }
  const isWhole =
    !syntax.isVariableStatement(statement) || statement.declarationList.declarations.length === items.length
  if (isWhole) return [wholePiece(source, statement, names)]
  const keyword = variableKeyword(statement.declarationList)
  return items.map(({ node }) => {
    const [start, end] = [node.getStart(source), node.end]
    const edits = [
      { start, end: start, text: `${keyword} ` },
      ...names.editsIn(node),
      { start: end, end, text: ';' },
    ]
    return { start, end, edits }
  })
}

/** Without `export` and `default`; after a semicolon, because what stood before may have ended without one. */
function wholePiece(source: ts.SourceFile, statement: ts.Statement, names: CanonicalNames): Piece {
  const [start, end] = [statement.getStart(source), statement.end]
  const modifiers = syntax.canHaveModifiers(statement) ? (syntax.getModifiers(statement) ?? []) : []
  const exporting = [syntax.SyntaxKind.ExportKeyword, syntax.SyntaxKind.DefaultKeyword]
  const edits = modifiers
    .filter(({ kind }) => exporting.includes(kind))
    .map((modifier) => ({ start: modifier.getStart(source), end: modifier.end, text: '' }))
  const needsBreak = !hasModifier(statement, syntax.SyntaxKind.ExportKeyword)
  const first = needsBreak ? [{ start, end: start, text: ';' }] : []
  return { start, end, edits: [...first, ...edits, ...names.editsIn(statement)] }
}

function variableKeyword({ flags }: ts.VariableDeclarationList): string {
  if ((flags & syntax.NodeFlags.Const) !== 0) return 'const'
  return (flags & syntax.NodeFlags.Let) !== 0 ? 'let' : 'var'
}
