// own-package.ts — where Tenon's own files are: its package root and entries, as built or as sources.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { directoriesAbove } from './project-root.ts'

const HERE = import.meta.filename

/** The directory of the package.json named tenon that this code belongs to. */
export const ownRoot: string = findRoot()
/** This code is part of `dist/`, so the built entries are the ones that fit it. */
const isBuilt = relative(ownRoot, HERE).startsWith('dist' + sep)

function findRoot(): string {
  for (const directory of directoriesAbove(HERE)) {
    const name = packageName(join(directory, 'package.json'))
    if (name === 'tenon') return directory
  }
  throw new Error(`no package.json named tenon above ${HERE}`)
}

function packageName(file: string): unknown {
  try {
    // Whatever the text holds, only the type of `name` is relied upon.
    return (JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown }).name
  } catch {
    return undefined // absent or no JSON: not ours
  }
}

/** There are types of `dist/`: an editor uses them, also beside sources, and the compiler need not check what they declare. */
export const ownTypesArePublished = isBuilt || existsSync(join(ownRoot, 'dist/dsl/index.d.ts'))

/** A module of Tenon by its path without extension (`dsl/index`): code to bundle, or types for the compiler. */
export function ownModule(path: string, as: 'code' | 'types'): string {
  if (as === 'types' ? ownTypesArePublished : isBuilt)
    return join(ownRoot, 'dist', path + (as === 'code' ? '.js' : '.d.ts'))
  return join(ownRoot, `${path}.ts`)
}

/** What Node runs as the planner's process. */
export function plannerProgram(): string {
  return isBuilt ? join(ownRoot, 'dist', 'tenon-planner.cjs') : join(ownRoot, 'runtime/load/planner/main.ts')
}

const OWN_FOLDERS = ['dist', 'dsl', 'stdlib-steps', 'runtime'].map((folder) => join(ownRoot, folder) + sep)
/** Tenon's own code, as against examples and tests, which only lie beside it. */
export function isOwnFile(file: string): boolean {
  return OWN_FOLDERS.some((folder) => file.startsWith(folder))
}

/** The directory of a package that Tenon itself depends on. */
export function dependencyRoot(name: string): string {
  return dirname(createRequire(join(ownRoot, 'package.json')).resolve(`${name}/package.json`))
}

/** Files that decide how a build file is read: this code and the tools it calls. A change of one makes caches stale. */
export function toolFiles(): readonly string[] {
  const code = isBuilt ? [HERE] : sourcesIn(dirname(HERE))
  return [
    ...code,
    ...['typescript', 'esbuild', 'ts-morph'].map((name) => join(dependencyRoot(name), 'package.json')),
  ]
}

function sourcesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(directory, file))
    .toSorted()
}
