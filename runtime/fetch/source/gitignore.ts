// gitignore.ts — which paths git ignores: .gitignore at every level and .git/info/exclude. Reads no index, so tracked files count like others.
// The user's own core.excludesFile is left out: it would make a source differ from machine to machine.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ignore, { type Ignore } from 'ignore'

/** The rules in force in one directory, outermost first. */
export type IgnoreRules = readonly { readonly directory: string; readonly rules: Ignore }[]

/** The rules of the directory's parents up to the repository's root (or `projectRoot` when there is none), without its own. */
export function rulesAbove(directory: string, projectRoot: string): IgnoreRules {
  const root = repositoryRoot(projectRoot)
  const top = root ?? projectRoot
  let rules: IgnoreRules = root === null ? [] : withFile([], root, excludeFile(root))
  const below = relative(top, directory)
    .split('/')
    .filter((name) => name !== '')
  let at = top
  for (const name of below) {
    rules = withFile(rules, at, join(at, '.gitignore'))
    at = join(at, name)
  }
  return rules
}

/** The rules above and the directory's own. */
export function rulesIn(directory: string, above: IgnoreRules): IgnoreRules {
  return withFile(above, directory, join(directory, '.gitignore'))
}

/** The innermost .gitignore with a word on the path decides. `path` is below the directories of all rules. */
export function isIgnored(path: string, isDirectory: boolean, rules: IgnoreRules): boolean {
  for (const level of rules.toReversed()) {
    const verdict = level.rules.test(path.slice(level.directory.length + 1) + (isDirectory ? '/' : ''))
    if (verdict.ignored) return true
    if (verdict.unignored) return false
  }
  return false
}

function withFile(above: IgnoreRules, directory: string, file: string | null): IgnoreRules {
  const text = file === null ? null : readRules(file)
  // git matches with case on Linux; the library does not unless told.
  return text === null ? above : [...above, { directory, rules: ignore({ ignorecase: false }).add(text) }]
}

function readRules(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // none here
  }
}

function repositoryRoot(from: string): string | null {
  for (let at = from; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at
    if (dirname(at) === at) return null
  }
}

/** In a worktree or submodule `.git` is a file that names the real directory, which may name the common one (gitrepository-layout(5)). */
function excludeFile(root: string): string | null {
  let directory = join(root, '.git')
  if (statSync(directory).isFile()) {
    const named = /^gitdir: (.+)$/m.exec(readRules(directory) ?? '')?.[1]
    if (named === undefined) return null
    directory = resolve(root, named.trim())
  }
  const common = readRules(join(directory, 'commondir'))
  return join(common === null ? directory : resolve(directory, common.trim()), 'info', 'exclude')
}
