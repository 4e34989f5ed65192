// compiled-program.ts — where a C program of Tenon's own is: beside the bundle, or compiled once into the home's cache.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { digestOf, shortHash } from '../../../dsl/plan/digest.ts'
import { findDriverTool, isExecutable } from './driver-tool.ts'

/** Both are laid beside the bundle; in a checkout there is the source alone. */
export interface CompiledProgram {
  readonly built: string
  readonly source: string
  /** What the source includes of our own; beside it. */
  readonly included?: readonly string[]
  /** To be preloaded. */
  readonly isLibrary?: boolean
}

export type FoundProgram =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing'; readonly reason: string; readonly remedy: string }

/** Compiles it when that has not been done on this machine: a fraction of a second, once. */
export function findProgram(program: CompiledProgram, home: string): FoundProgram {
  const { built, source, included = [] } = program
  if (isExecutable(built)) return { kind: 'found', file: built }
  if (![source, ...included].every((file) => existsSync(file)))
    return { kind: 'missing', reason: 'its source is not installed', remedy: 'install tenon again' }
  const folder = shortHash(digestOf(Buffer.concat([source, ...included].map((each) => readFileSync(each)))))
  const file = join(home, 'cache', 'programs', folder, basename(built))
  if (isExecutable(file)) return { kind: 'found', file }
  const compiler = findDriverTool('cc')
  if (compiler === undefined)
    return {
      kind: 'missing',
      reason: 'it is not built: there is no C compiler (cc)',
      remedy: 'install a C compiler (Debian and Ubuntu: apt-get install gcc libc6-dev)',
    }
  return compile(compiler, program, file)
}

/** @throws CodedError TN3002 */
export function requireProgramFile(program: FoundProgram, whatItIs: string): string {
  if (program.kind === 'found') return program.file
  throw new CodedError('TN3002', `${whatItIs} can't be used: ${program.reason}`, { hint: program.remedy })
}

function compile(compiler: string, { source, isLibrary }: CompiledProgram, file: string): FoundProgram {
  mkdirSync(dirname(file), { recursive: true })
  const part = `${file}.${process.pid}`
  const run = (...args: readonly string[]): void =>
    void execFileSync(compiler, ['-std=gnu11', '-O2', source, ...args, '-o', part], { stdio: 'pipe' })
  try {
    if (isLibrary) run('-shared', '-fPIC')
    else runStatic(run)
    renameSync(part, file)
    return { kind: 'found', file }
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
    return {
      kind: 'missing',
      reason: `it does not compile: ${said.trim().split('\n').slice(0, 3).join('; ')}`,
      remedy:
        'install the headers of the C library and of Linux (Debian and Ubuntu: apt-get install libc6-dev)',
    }
  } finally {
    rmSync(part, { force: true })
  }
}

/** Static: it starts faster. Where the static C library is missing it is linked as usual. */
function runStatic(run: (...args: readonly string[]) => void): void {
  try {
    run('-static')
  } catch {
    run()
  }
}
