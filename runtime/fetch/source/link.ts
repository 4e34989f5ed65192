// link.ts — symbolic links of a source: only those that stay in it may be copied.
import { readlinkSync, realpathSync } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'

export function isWithin(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '..' && !way.startsWith('../') && !isAbsolute(way)
}

/** @throws CodedError TN4201 for a link at `path` below `base` that is absolute or leads out of `base`. */
export function checkLink(base: string, path: string): void {
  const target = readlinkSync(join(base, path))
  if (isAbsolute(target))
    throw refused(
      path,
      target,
      'which names a place of this machine',
      'Make the link relative, or exclude it.',
    )
  const named = join(dirname(join(base, path)), target)
  if (!isWithin(base, named) || !isWithin(base, real(named) ?? named))
    throw refused(
      path,
      target,
      'outside of the source',
      'Exclude the link, or give a base that holds its target too.',
    )
}

/** Null for a link to nothing, which is kept as it is. */
function real(path: string): string | null {
  try {
    return realpathSync(path)
  } catch {
    return null
  }
}

function refused(path: string, target: string, why: string, hint: string): CodedError {
  return new CodedError('TN4201', `${JSON.stringify(path)} is a symbolic link to ${target}, ${why}`, { hint })
}
