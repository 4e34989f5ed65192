// locate.ts — from a stack of the planning realm to places in the original sources.
import { SourceMap, type SourceMapPayload } from 'node:module'
import { resolve } from 'node:path'
import type { PropertyPath, SourcePosition } from '../../../dsl/plan/plan.ts'
import { isOwnFile } from '../own-package.ts'
import { memberAt } from './property.ts'

/** The file name that frames of the planning script bear. */
export const SCRIPT_NAME = 'tenon-plan.js'
const FRAME = new RegExp(`${SCRIPT_NAME}:(\\d+):(\\d+)`, 'g')

export type Locate = (stack: string, property?: PropertyPath) => SourcePosition | null

/**
 * The frame that a build author would look at: the first in the project; else the first of a package that is not Tenon.
 * Null when all frames are Tenon's own. `property`: the member of the call's arguments that is meant.
 */
export function locator(map: string): Locate {
  // esbuild wrote it.
  const sources = new SourceMap(JSON.parse(map) as SourceMapPayload)
  return (stack, property = []) => {
    const positions = [...stack.matchAll(FRAME)].flatMap(([, line, column]) =>
      original(sources, Number(line), Number(column)),
    )
    const foreign = positions.filter(({ file }) => !isOwnFile(file) && !file.endsWith('/<stdin>'))
    const place = foreign.find(({ file }) => !file.includes('/node_modules/')) ?? foreign[0] ?? null
    // Only the arguments of the call that led straight to Tenon are known to be what is meant.
    return place !== null && place === foreign[0] && property.length > 0 ? memberAt(place, property) : place
  }
}

function original(sources: SourceMap, line: number, column: number): readonly SourcePosition[] {
  const entry = sources.findEntry(line - 1, column - 1)
  if (!('originalSource' in entry) || entry.originalSource.startsWith('tenon-')) return []
  const file = resolve('/', entry.originalSource)
  return [{ file, line: entry.originalLine + 1, column: entry.originalColumn + 1 }]
}
