// position.ts — where a piece of syntax stands in its file, counted from 1.
import type { ts } from 'ts-morph'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'
import type { ParsedModule } from './compiler.ts'

export function positionOf({ file, source }: ParsedModule, node: ts.Node): SourcePosition {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source))
  return { file, line: line + 1, column: character + 1 }
}
