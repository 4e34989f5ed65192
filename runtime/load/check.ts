// check.ts — the type check alone, for `tenon check`; leaves planning to load.ts.
import { realpathSync } from 'node:fs'
import { readEntry } from './cache-entry.ts'
import { requireBuildFile } from './load.ts'
import { checkTypes } from './types/type-check.ts'
import type { Diagnostic } from './types/diagnostic.ts'

export type { Diagnostic } from './types/diagnostic.ts'

/** Every type error of a build file and the modules it imports; empty when there is none. */
export async function check(file: string, home: string): Promise<readonly Diagnostic[]> {
  requireBuildFile(file)
  const request = { file: realpathSync(file), home }
  return readEntry(home, 'types', request.file) === undefined ? checkTypes(request) : []
}
