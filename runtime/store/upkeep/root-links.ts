// root-links.ts — which links in users' directories keep objects from being collected. Follows links; changes nothing.
import { readdirSync, readlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import { byCodeUnit } from '../../../dsl/plan/json.ts'
import type { Layout } from '../layout.ts'
import { isStorePath, STORE_ROOT, type StorePath } from '../store-path.ts'

export interface RootLink {
  readonly file: string // in `roots/`
  readonly link: string // the user's
  /** null: the link was deleted, or leads elsewhere now. */
  readonly object: StorePath | null
}

/** @throws CodedError TN5040 when it can't be told whether a link still is there. */
export function rootLinks(layout: Layout): readonly RootLink[] {
  const names = readOr(layout.roots, () => readdirSync(layout.roots)) ?? []
  return names.sort(byCodeUnit).flatMap((name) => {
    const file = join(layout.roots, name)
    const link = readOr(file, () => readlinkSync(file))
    return link === null ? [] : [{ file, link, object: objectBehind(link) }]
  })
}

/** A store that was moved, or is reached by another path, has other directories before the name of the object. */
function objectBehind(link: string): StorePath | null {
  // A link that was replaced by something else is no link any more.
  const target = readOr(link, () => readlinkSync(link), 'EINVAL')
  if (target === null || basename(dirname(target)) !== 'store') return null
  const path = `${STORE_ROOT}/${basename(target)}`
  return isStorePath(path) ? path : null
}

/** null: nothing is there. */
function readOr<T>(path: string, read: () => T, ...alsoGone: readonly string[]): T | null {
  try {
    return read()
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException // Node's file system calls throw no other
    if (['ENOENT', 'ENOTDIR', ...alsoGone].includes(code)) return null
    throw new CodedError('TN5040', `the root ${path} cannot be read: ${code}`, {
      cause: error,
      hint: 'Nothing was removed. Make the path readable, or remove the entry in the roots folder of the store if the result is not needed.',
    })
  }
}
