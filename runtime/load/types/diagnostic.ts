// diagnostic.ts — what the compiler found, one line each; its wording of Tenon's own messages is cut down to them.
import { relative, resolve } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { SourcePosition } from '../../../dsl/plan/plan.ts'

export interface Diagnostic {
  /** null: it is about the configuration as a whole. */
  readonly position: SourcePosition | null
  readonly message: string
  /** The compiler's own, `TS2345`. */
  readonly compilerCode: string
}

export interface CompilerReport {
  readonly diagnostics: readonly Diagnostic[]
  /** Every file the verdict rests on, absolute. */
  readonly sources: readonly string[]
}

const LOCATED = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/
const GLOBAL = /^error (TS\d+): (.*)$/

/** Reads what `tsc --pretty false --listFiles` prints when run in `directory`. */
export function parseReport(output: string, directory: string): CompilerReport {
  const found: { position: SourcePosition | null; compilerCode: string; lines: string[] }[] = []
  const sources: string[] = []
  for (const line of output.split(/\r?\n/)) {
    const located = LOCATED.exec(line)
    const global = GLOBAL.exec(line)
    if (located !== null) {
      const [, file = '', row = '', column = '', compilerCode = '', text = ''] = located
      const position = { file: resolve(directory, file), line: Number(row), column: Number(column) }
      found.push({ position, compilerCode, lines: [text] })
    } else if (global !== null)
      found.push({ position: null, compilerCode: global[1] ?? '', lines: [global[2] ?? ''] })
    else if (/^\s+\S/.test(line)) found.at(-1)?.lines.push(line.trim())
    else if (line !== '') sources.push(resolve(directory, line))
  }
  const diagnostics = found.map(({ position, compilerCode, lines }) => ({
    position,
    compilerCode,
    message: messageOf(lines),
  }))
  return { diagnostics: unique(diagnostics), sources }
}

const MESSAGE_COLUMNS = 400

/** Tenon's types refuse with a string literal that begins with ✗: it is the whole message. Else the first line and the innermost reason. */
function messageOf(lines: readonly string[]): string {
  const literal = /"(✗(?:[^"\\]|\\.)*)"/.exec(lines.join(' '))?.[1]
  if (literal !== undefined) return literal.replaceAll(/\\(["\\])/g, '$1')
  const [first = ''] = lines
  const last = lines.at(-1) ?? ''
  const text = lines.length > 1 ? `${shortened(first)} ${last}` : first
  return shortened(text, MESSAGE_COLUMNS)
}

function shortened(text: string, columns = MESSAGE_COLUMNS / 2): string {
  return text.length <= columns ? text : `${text.slice(0, columns - 1)}…`
}

function unique(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((diagnostic) => [JSON.stringify(diagnostic), diagnostic])).values()]
}

const SHOWN = 20

/** The first diagnostic is the fact; the others are its details. */
export function typeError(diagnostics: readonly Diagnostic[]): CodedError {
  const [first, ...others] = diagnostics
  if (first === undefined) throw new Error('typeError needs a diagnostic')
  const details = others.slice(0, SHOWN - 1).map(lineOf)
  if (others.length > details.length) details.push(`and ${others.length - details.length} more`)
  if (first.position === null)
    return new CodedError('TN1003', `${first.compilerCode}: ${first.message}`, {
      details,
      hint: 'The compiler refuses its configuration: look at the tsconfig.json nearest to the build file.',
    })
  const more = others.length === 0 ? '' : ` (${diagnostics.length} type errors)`
  return new CodedError('TN1000', first.message + more, { position: first.position, details })
}

function lineOf({ position, message }: Diagnostic): string {
  if (position === null) return message
  const inside = relative(process.cwd(), position.file)
  return `${inside.startsWith('..') ? position.file : inside}:${position.line}:${position.column} ${message}`
}
