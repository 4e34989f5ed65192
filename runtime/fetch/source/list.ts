// list.ts — the files that a project source names: one pruned walk, sorted, links checked. Copies nothing.
import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import { type IgnoreRules, isIgnored, rulesAbove, rulesIn } from './gitignore.ts'
import { checkLink, isWithin } from './link.ts'
import { compilePatterns, type Patterns } from './pattern.ts'
import { unreadable } from './unreadable.ts'

export interface SourceParams {
  readonly base: string // directory, relative to the project root
  readonly include: readonly string[] // with `single`: one file, relative to the base
  readonly exclude: readonly string[]
  readonly gitignore: boolean
  readonly single: boolean
}
export interface SourceEntry {
  readonly path: string // relative to the base
  readonly kind: 'file' | 'link'
  readonly executable: boolean
  readonly sizeBytes: number
  readonly modifiedMs: number
  readonly changedMs: number
  readonly inode: number
}
export interface SourceList {
  readonly base: string // real path
  readonly entries: readonly SourceEntry[] // sorted by path
  /** All that were looked into: a file that appears in one may belong to the source. Absolute. */
  readonly directories: readonly string[]
}

/**
 * @param homes directories that are never part of a source: Tenon's own.
 * @throws CodedError TN4200–TN4205
 */
export function listSource(params: SourceParams, projectRoot: string, homes: readonly string[]): SourceList {
  const root = realpathSync(projectRoot)
  return params.single ? oneFile(params, root) : walk(params, root, homes)
}

function oneFile(params: SourceParams, root: string): SourceList {
  const [name, ...more] = params.include
  if (name === undefined || more.length > 0) throw new RangeError('a single source names one file')
  const path = inside(root, params.base, name)
  const file = existing(root, path, `${JSON.stringify(name)} does not exist`)
  const stats = lstatSync(file)
  if (!stats.isFile())
    throw new CodedError('TN4205', `${JSON.stringify(name)} is not a file`, {
      hint: 'Use localSource for a directory.',
    })
  const entries = [entryOf(file, file.slice(dirname(file).length + 1))]
  return { base: dirname(file), entries, directories: [] }
}

function walk(params: SourceParams, root: string, homes: readonly string[]): SourceList {
  const at = inside(root, params.base, '.')
  const base = existing(root, at, `the base directory ${JSON.stringify(params.base)} does not exist`)
  if (!lstatSync(base).isDirectory())
    throw new CodedError('TN4205', `the base ${JSON.stringify(params.base)} is not a directory`, {
      hint: 'Use localFile for one file.',
    })
  const patterns = compilePatterns(params.include, params.exclude)
  const skipped = new Set(homes.filter((home) => existsSync(home)).map((home) => realpathSync(home)))
  const entries: SourceEntry[] = []
  const directories: string[] = []
  const visit = (directory: string, prefix: string, above: IgnoreRules) => {
    directories.push(directory)
    const rules = params.gitignore ? rulesIn(directory, above) : above
    for (const item of readDirectory(directory)) {
      const file = join(directory, item.name)
      const path = prefix + item.name
      if (isNeverSource(item) || skipped.has(file) || patterns.excludes(path)) continue
      if (params.gitignore && isIgnored(file, item.isDirectory(), rules)) continue
      if (item.isDirectory()) {
        if (patterns.reaches(path) || patterns.includes(path)) visit(file, `${path}/`, rules)
      } else if (patterns.includes(path)) {
        const entry = entryIn(item, file, path)
        if (entry?.kind === 'link') checkLink(base, path)
        if (entry !== null) entries.push(entry)
      }
    }
  }
  visit(base, '', params.gitignore ? rulesAbove(base, root) : [])
  refuseMissing(params, patterns, entries)
  return { base, entries: entries.toSorted((a, b) => byCodeUnit(a.path, b.path)), directories }
}

/** Never part of a source: git's data, the links that builds leave, what writing tenon.lock makes for a moment. */
function isNeverSource(item: Dirent): boolean {
  if (item.isSymbolicLink()) return /^result($|-)/.test(item.name)
  return item.name === '.git' || /^tenon\.lock\.(tmp|writing)/.test(item.name)
}

function inside(root: string, base: string, name: string): string {
  const path = normalize(join(base, name))
  if (isAbsolute(base) || isAbsolute(name) || path === '..' || path.startsWith('../'))
    throw new CodedError(
      'TN4200',
      `${JSON.stringify(isAbsolute(name) ? name : join(base, name))} is outside of the project ${root}`,
      {
        hint: 'A build uses files of its project only: move the file into it, or fetch it with a hash.',
      },
    )
  return path
}

/** The real path, which must be in the project too. */
function existing(root: string, path: string, missing: string): string {
  let real: string
  try {
    real = realpathSync(join(root, path))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      throw new CodedError('TN4205', missing, {
        hint: `It was looked for at ${join(root, path)}.`,
        cause: error,
      })
    throw unreadable(path, error)
  }
  if (isWithin(root, real)) return real
  throw new CodedError(
    'TN4201',
    `${JSON.stringify(path)} leads through a symbolic link to ${real}, outside of the project`,
    {
      hint: 'Put the files themselves into the project.',
    },
  )
}

function readDirectory(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    throw unreadable(directory, error)
  }
}

/** Null for a file that went away meanwhile. */
function entryIn(item: Dirent, file: string, path: string): SourceEntry | null {
  if (!item.isFile() && !item.isSymbolicLink())
    throw new CodedError(
      'TN4204',
      `${JSON.stringify(path)} is neither a file, a directory nor a symbolic link`,
      {
        hint: 'Exclude it: sockets, pipes and devices cannot be sources.',
      },
    )
  try {
    return entryOf(file, path)
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (gone && !path.includes('\u{FFFD}')) return null
    throw unreadable(path, error) // a name that is no UTF-8 is read with U+FFFD in it, and not found under that
  }
}

function entryOf(file: string, path: string): SourceEntry {
  const stats = lstatSync(file)
  return {
    path,
    kind: stats.isSymbolicLink() ? 'link' : 'file',
    executable: (stats.mode & 0o100) !== 0,
    sizeBytes: stats.size,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
    inode: stats.ino,
  }
}

function refuseMissing(params: SourceParams, patterns: Patterns, entries: readonly SourceEntry[]): void {
  const missing = patterns.literals.filter(
    (name) => !entries.some(({ path }) => path === name || path.startsWith(`${name}/`)),
  )
  if (entries.length > 0 && missing.length === 0) return
  const named = missing.length > 0 ? missing : params.include
  const without = params.exclude.length === 0 ? '' : ` without ${params.exclude.join(', ')}`
  throw new CodedError(
    'TN4202',
    `no file of ${JSON.stringify(params.base)} matches ${named.join(', ') || 'an empty list'}${without}`,
    {
      hint: params.gitignore
        ? 'Check the patterns and the base; files that .gitignore names are left out unless `gitignore: false` is given.'
        : 'Check the patterns and the base.',
    },
  )
}
