// body-stack.ts — stack traces of bundled bodies, told in the files they were written in. Reading logs is left to its callers.
import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import { dirname, resolve } from 'node:path'
import type { SourcePosition } from '../../dsl/plan/plan.ts'

export interface BodyStack {
  readonly lines: readonly string[]
  /** Of the last stack trace in them, innermost call first. */
  readonly positions: readonly SourcePosition[]
}

const BODY_FRAME = /^(\s+at )(?:.* \()?(?:file:\/\/)?\/\S*\/body\.js:(\d+):(\d+)\)?$/
const RUNNER_FRAME =
  /^\s+at (?:.*\/interpreter\/\S*\.[cm]js:\d+:\d+|.*node:internal\/modules\/.*|node:internal\/main.*)\)?$/

/** Lines of a log of the body that is bundled at `bodyFile`; its source map lies beside it. Frames of the runner go. */
export function bodyStack(lines: readonly string[], bodyFile: string): BodyStack {
  if (!lines.some((line) => BODY_FRAME.test(line))) return { lines, positions: [] }
  const map = sourceMap(`${bodyFile}.map`)
  if (map === undefined) return { lines, positions: [] }
  let positions: SourcePosition[] = []
  let isInTrace = false
  const told = lines.flatMap((line) => {
    const wasInTrace = isInTrace
    isInTrace = /^\s+at /.test(line)
    const [, at = '', row, column] = BODY_FRAME.exec(line) ?? []
    const position = row === undefined ? undefined : originOf(map, bodyFile, Number(row), Number(column))
    if (position === undefined) return RUNNER_FRAME.test(line) ? [] : [line]
    positions = wasInTrace ? [...positions, position] : [position]
    return [`${at}${position.file}:${position.line}:${position.column}`]
  })
  return { lines: told, positions }
}

function originOf(map: SourceMap, bodyFile: string, row: number, column: number): SourcePosition | undefined {
  const origin = map.findOrigin(row, column)
  if (!('fileName' in origin)) return undefined
  const file = resolve(dirname(bodyFile), origin.fileName)
  return { file, line: origin.lineNumber, column: origin.columnNumber }
}

/** Undefined when the cache has lost it. */
function sourceMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(file, 'utf8')) as SourceMapPayload) // as esbuild wrote it
  } catch {
    return undefined
  }
}
