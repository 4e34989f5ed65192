// error-text.ts — how an error is printed: code, fact, where in the build file, details, what to do next.
import { isAbsolute, relative } from 'node:path'
import type { CodedError } from '../../dsl/plan/coded-error.ts'
import type { SourcePosition } from '../../dsl/plan/plan.ts'
import type { Paint } from './paint.ts'
import { columnsOf, truncate, visibleText } from './terminal-text.ts'

export interface ErrorTextOptions {
  readonly paint: Paint
  /** Files inside of it are named relative to it. */
  readonly directory: string
  /** The text of a source file; null when it can't be read. */
  readonly readSource: (file: string) => string | null
}

export function errorLines(error: CodedError, options: ErrorTextOptions): readonly string[] {
  const { paint } = options
  const [fact = '', ...moreFacts] = error.message.split('\n')
  return [
    `${paint('red', 'error')} ${paint('bold', error.code)}: ${fact}`,
    ...moreFacts.map(indent),
    ...(error.position === undefined ? [] : positionLines(error.position, options)),
    ...error.details.flatMap((detail) => detail.split('\n')).map(indent),
    ...error.related.map(({ fact, position }) =>
      indent(position === undefined ? fact : `${fact} at ${positionText(position, options.directory)}`),
    ),
    ...(error.hint === undefined ? [] : [`${paint('cyan', 'hint')}: ${error.hint}`]),
  ]
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`
}

/** `file:line:column`, relative to `directory` when inside of it. */
export function positionText(position: SourcePosition, directory: string): string {
  const inside = relative(directory, position.file)
  const file = inside === '' || inside.startsWith('..') || isAbsolute(inside) ? position.file : inside
  return `${file}:${position.line}:${position.column}`
}

const EXCERPT_COLUMNS = 100

function positionLines(position: SourcePosition, options: ErrorTextOptions): readonly string[] {
  const { paint } = options
  const where = `  ${paint('cyan', positionText(position, options.directory))}`
  const source = options.readSource(position.file)?.split(/\r?\n/)[position.line - 1]
  if (source === undefined || source.trim() === '') return [where]
  // A long line is shown from a little before the column on.
  const from = position.column > EXCERPT_COLUMNS - 20 ? position.column - 20 : 0
  const before = visibleText(source.slice(from, position.column - 1))
  const excerpt = truncate(visibleText(source.slice(from)), EXCERPT_COLUMNS)
  const number = String(position.line)
  return [
    where,
    `  ${paint('dim', `${number} |`)} ${excerpt}`,
    `  ${paint('dim', `${' '.repeat(number.length)} |`)} ${' '.repeat(columnsOf(before))}${paint('red', '^')}`,
  ]
}
