// locate.ts — from a stack of the planning realm to places in the original sources.
import { SourceMap, type SourceMapPayload } from 'node:module'
import { resolve } from 'node:path'
import { types } from 'node:util'
import type { PropertyPath, SourcePosition } from '../../../dsl/plan/plan.ts'
import { isOwnFile } from '../own-package.ts'
import { memberAt } from './property.ts'

/** The file name that frames of the planning script bear. */
export const SCRIPT_NAME = 'tenon-plan.js'
const FRAME = new RegExp(`${SCRIPT_NAME}:(\\d+):(\\d+)`, 'g')

export type Locate = (stack: string, property?: PropertyPath) => SourcePosition | null

export interface Locator {
  /**
   * The frame that a build author would look at: the first in the project; else the first of a package that is not Tenon.
   * Null when all frames are Tenon's own. `property`: the member of the call's arguments that is meant.
   */
  readonly locate: Locate
  /**
   * For `Error.prepareStackTrace` of the realm. What is no error marks where a value was made: of its stack only the
   * frames that `locate` needs are looked up and written, because all of them take ten times as long.
   */
  readonly stackText: (marked: object, frames: readonly NodeJS.CallSite[]) => string
}

interface Frame {
  readonly line: number
  readonly column: number
  /** Null for Tenon's own code and what the loader wrote. */
  readonly position: SourcePosition | null
}

export function locator(map: string): Locator {
  // esbuild wrote it.
  const sources = new SourceMap(JSON.parse(map) as SourceMapPayload)
  const frameAt = (line: number, column: number): Frame => {
    return { line, column, position: original(sources, line, column) }
  }
  const locate: Locate = (stack, property = []) => {
    const frames = upToProject(stack.matchAll(FRAME), ([, line, column]) =>
      frameAt(Number(line), Number(column)),
    )
    const foreign = frames.map(({ position }) => position)
    const [first = null] = foreign
    const place = foreign.findLast(isInProject) ?? first
    // Only the arguments of the call that led straight to Tenon are known to be what is meant.
    return place !== null && place === first && property.length > 0 ? memberAt(place, property) : place
  }
  const stackText: Locator['stackText'] = (marked, frames) => {
    if (types.isNativeError(marked)) return [marked, ...frames].map(String).join('\n    at ')
    const ofScript = frames.filter((frame) => frame.getFileName() === SCRIPT_NAME)
    return upToProject(ofScript, (frame) => frameAt(frame.getLineNumber() ?? 0, frame.getColumnNumber() ?? 0))
      .map(({ line, column }) => `${SCRIPT_NAME}:${line}:${column}`)
      .join('\n')
  }
  return { locate, stackText }
}

/** The frames outside of Tenon, the first one in the project being the last. */
function upToProject<T>(stack: Iterable<T>, frameOf: (item: T) => Frame): readonly Frame[] {
  const found: Frame[] = []
  for (const item of stack) {
    const frame = frameOf(item)
    if (frame.position === null) continue
    found.push(frame)
    if (isInProject(frame.position)) break
  }
  return found
}

function isInProject(position: SourcePosition | null): boolean {
  return position !== null && !position.file.includes('/node_modules/')
}

function original(sources: SourceMap, line: number, column: number): SourcePosition | null {
  const entry = sources.findEntry(line - 1, column - 1)
  if (!('originalSource' in entry) || /^tenon-|<stdin>$/.test(entry.originalSource)) return null
  const file = resolve('/', entry.originalSource)
  return isOwnFile(file) ? null : { file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
}
