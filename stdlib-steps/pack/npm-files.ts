// npm-files.ts — which files an npm package contains, by npm's documented rules ("files" of package.json). Packs nothing.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ignore, { type Ignore } from 'ignore'
import { type TreeEntry, treeEntries } from '../files/tree-entries.ts'
import type { NpmManifest } from './npm-manifest.ts'

const NEVER = [
  '.npmignore', '.gitignore', '.git', '.svn', 'CVS', '.hg', '/node_modules', '.npmrc', '.DS_Store', '._*', '*.orig', '.*.swp', '.lock-wscript',
  '.wafpickle-*', 'config.gypi', 'npm-debug.log', '/package-lock.json', '/pnpm-lock.yaml', '/yarn.lock', '/bun.lock', '/bun.lockb',
] // prettier-ignore
const ALWAYS = /^(package\.json|(readme|licen[cs]e)(\.[^/]*)?)$/i
type NpmFile = Extract<TreeEntry, { kind: 'file' }>

/** Files alone: npm packs no directories and no links. */
export function npmFiles(root: string, manifest: NpmManifest): readonly NpmFile[] {
  const never = ignore().add(NEVER)
  const chosen = manifest.files === null ? () => true : chooser(manifest.files)
  const isIgnored = ignoredBy(root, manifest.files === null)
  return treeEntries(root, (path, isDirectory) => !never.ignores(isDirectory ? `${path}/` : path))
    .filter((entry) => entry.kind === 'file')
    .filter(
      ({ path }) =>
        ALWAYS.test(path) || manifest.entryPoints.includes(path) || (chosen(path) && !isIgnored(path)),
    )
    .map((entry) => (manifest.programs.includes(entry.path) ? { ...entry, executable: true } : entry))
}

/** `files` are gitignore patterns that say what to keep, anchored at the root; a later one with `!` takes away again. */
function chooser(files: readonly string[]): (path: string) => boolean {
  const rules = files.map((pattern) => {
    const anchored = pattern.replace(/^!?\.?\/?/, '/')
    return { keeps: !pattern.startsWith('!'), matches: ignore().add(anchored === '/' ? '/**' : anchored) }
  })
  return (path) => rules.findLast(({ matches }) => matches.ignores(path))?.keeps ?? false
}

/** .npmignore, or else .gitignore, of each directory rules what is below it; the root's only when there is no `files`. */
function ignoredBy(root: string, withRoot: boolean): (path: string) => boolean {
  const rules = new Map<string, Ignore | null>()
  const rulesOf = (directory: string): Ignore | null => {
    const known = rules.get(directory)
    if (known !== undefined) return known
    const file = ['.npmignore', '.gitignore']
      .map((name) => join(root, directory, name))
      .find((path) => existsSync(path))
    const read =
      file === undefined || (directory === '.' && !withRoot) ? null : ignore().add(readFileSync(file, 'utf8'))
    rules.set(directory, read)
    return read
  }
  return (path) => {
    for (let directory = dirname(path); ; directory = dirname(directory)) {
      const relative = directory === '.' ? path : path.slice(directory.length + 1)
      if (rulesOf(directory)?.ignores(relative)) return true
      if (directory === '.') return false
    }
  }
}
