// programs.ts — the programs in a result: executable files, and what lies in the bin folders of trees.
import { accessSync, constants, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { namePart, type StorePath } from '../store/store-path.ts'
import type { ResultArtifact } from './build.ts'

export interface Program {
  readonly name: string
  readonly object: StorePath
  /** As a step sees it. */
  readonly path: string
}

export function programsOf(artifacts: readonly ResultArtifact[]): readonly Program[] {
  return artifacts.flatMap(({ kind, object, physical }): readonly Program[] => {
    if (kind === 'file')
      return isExecutable(physical) ? [{ name: namePart(object), object, path: object }] : []
    if (kind === 'workTree') return []
    return programsIn(physical).map((name) => ({ name, object, path: `${object}/bin/${name}` }))
  })
}

function programsIn(tree: string): readonly string[] {
  try {
    return readdirSync(join(tree, 'bin')).filter((name) => isExecutable(join(tree, 'bin', name)))
  } catch {
    return []
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
