// pattern.ts — globs over paths relative to a source's base, and which directories they can reach. Reads no files.
import picomatch from 'picomatch'
import { CodedError } from '../../../dsl/plan/coded-error.ts'

export interface Patterns {
  readonly includes: (path: string) => boolean
  readonly excludes: (path: string) => boolean
  /** Something below the directory may be included. */
  readonly reaches: (directory: string) => boolean
  /** Patterns without wildcards, each the name of a file or directory that must be there. */
  readonly literals: readonly string[]
}

/** A pattern that matches a directory stands for all below it. @throws CodedError TN4200 for one that leaves the base. */
export function compilePatterns(include: readonly string[], exclude: readonly string[]): Patterns {
  const wanted = include.map(normalize)
  const unwanted = exclude.map(normalize)
  const bases = wanted.map((pattern) => {
    const scanned = picomatch.scan(pattern)
    return scanned.isGlob ? scanned.base : pattern
  })
  return {
    includes: matcher(wanted),
    excludes: matcher(unwanted),
    reaches: (directory) =>
      bases.some(
        (base) => base === '' || base === '.' || isBelow(directory, base) || isBelow(base, directory),
      ),
    literals: wanted.filter((pattern) => pattern !== '.' && !picomatch.scan(pattern).isGlob),
  }
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`)
}

function matcher(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false
  const globs = picomatch(
    patterns.flatMap((pattern) => (pattern === '.' ? ['**'] : [pattern, `${pattern}/**`])),
    { dot: true, nonegate: true },
  )
  const names = new Set(patterns) // a file whose name looks like a glob, such as `[id].ts`
  return (path) => names.has(path) || globs(path)
}

function normalize(pattern: string): string {
  const parts = pattern.split('/').filter((part, index) => part !== '.' && (part !== '' || index === 0))
  if (pattern.startsWith('/') || parts.includes('..'))
    throw new CodedError(
      'TN4200',
      `the pattern ${JSON.stringify(pattern)} leads outside of the source's base directory`,
      {
        hint: 'Patterns are relative to the base; give a base further up to take more.',
      },
    )
  return parts.length === 0 || (parts.length === 1 && parts[0] === '') ? '.' : parts.join('/')
}
