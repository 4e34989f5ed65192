// compiler.ts — how the TypeScript compiler is started. What it is asked, and what its answers mean, is left to others.
import { accessSync, constants } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { dependencyRoot } from '../own-package.ts'

export interface CompilerCommand {
  readonly command: string
  readonly words: readonly string[]
}

/** The native program itself where it is found: the package's own launcher starts Node first, which takes longer than reading a configuration. */
export function compilerCommand(): CompilerCommand {
  const root = dependencyRoot('typescript')
  const native = `@typescript/typescript-${process.platform}-${process.arch}`
  try {
    const program = join(
      dirname(createRequire(join(root, 'package.json')).resolve(`${native}/package.json`)),
      'lib',
      'tsc',
    )
    accessSync(program, constants.X_OK)
    return { command: program, words: [] }
  } catch {
    return { command: process.execPath, words: [join(root, 'bin', 'tsc')] }
  }
}
