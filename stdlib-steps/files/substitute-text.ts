// substitute-text.ts — replaces texts in files of a tree. Leaves no replacement that does nothing unnoticed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { StepError } from '../step-error.ts'
import { treeEntries } from './tree-entries.ts'

export interface Substitution {
  /** Globs of paths below the root. */
  readonly files: readonly string[]
  /** Exact text → its replacement; all at once, so that a replacement is never replaced again. */
  readonly replacements: Readonly<Record<string, string>>
  readonly allowNoMatch: boolean
}

/**
 * @returns how often each text was replaced.
 * @throws StepError TN3520 (a text that is nowhere), TN3521 (a glob without files)
 */
export function substituteText(
  root: string,
  { files, replacements, allowNoMatch }: Substitution,
): Readonly<Record<string, number>> {
  const paths = matching(root, files)
  const by = new Map(Object.entries(replacements).map(([from, to]) => [bytes(from), bytes(to)]))
  const counts = new Map([...by.keys()].map((from) => [from, 0]))
  const pattern = anyOf([...by.keys()])
  for (const path of paths) {
    const before = readFileSync(join(root, path), 'latin1')
    const after = before.replace(pattern, (found) => {
      counts.set(found, (counts.get(found) ?? 0) + 1)
      return by.get(found) ?? found
    })
    if (after !== before) writeFileSync(join(root, path), after, 'latin1')
  }
  const unused = Object.keys(replacements).filter((from) => counts.get(bytes(from)) === 0)
  if (unused.length > 0 && !allowNoMatch)
    throw new StepError(
      'TN3520',
      `${unused.map((text) => JSON.stringify(text)).join(', ')} ${unused.length === 1 ? 'is' : 'are'} in none of: ${paths.join(', ')}`,
      'Look for the text in the sources as they are at this step (`tenon shell`), or set allowNoMatch.',
    )
  return Object.fromEntries(Object.keys(replacements).map((from) => [from, counts.get(bytes(from)) ?? 0]))
}

function matching(root: string, globs: readonly string[]): readonly string[] {
  const paths = treeEntries(root).flatMap((entry) => (entry.kind === 'file' ? [entry.path] : []))
  const found = new Set<string>()
  for (const glob of globs) {
    const matches = picomatch(glob, { dot: true })
    const some = paths.filter((path) => matches(path))
    if (some.length === 0)
      throw new StepError(
        'TN3521',
        `no file matches '${glob}'`,
        'Globs are relative to the source: `src/*.c`, `**/Makefile.in`.',
      )
    for (const path of some) found.add(path)
  }
  return [...found].toSorted()
}

/** UTF-8 bytes as latin1, as files are read: any encoding passes through. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** The longest text first, so that `@VERSION_LONG@` is not taken for `@VERSION`. */
function anyOf(texts: readonly string[]): RegExp {
  const escaped = texts
    .toSorted((a, b) => b.length - a.length)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
  return new RegExp(escaped.join('|'), 'g')
}
