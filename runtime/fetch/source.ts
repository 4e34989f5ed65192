// source.ts — files of the project as a step's input: a private copy in the scratch. What belongs to it is source/list.ts's word.
import { chmodSync, constants, copyFileSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { listSource, type SourceEntry, type SourceParams } from './source/list.ts'
import { unreadable } from './source/unreadable.ts'

export interface SourceOptions {
  readonly projectRoot: string
  readonly scratch: string // an existing directory
  readonly home: string // left out when it is in the project
}

/**
 * Copies the source to `<scratch>/source`, or a single file to `<scratch>/<name>`. Modes become 0755 or 0644; links stay links.
 * @throws CodedError TN4200–TN4205
 */
export function projectSource(params: SourceParams, o: SourceOptions): { readonly path: string } {
  const { base, entries } = listSource(params, o.projectRoot, [o.home, o.scratch])
  const [only] = entries
  if (params.single && only !== undefined) {
    const path = join(o.scratch, basename(only.path))
    copy(base, only, path)
    return { path }
  }
  const path = join(o.scratch, 'source')
  mkdirSync(path)
  let made = ''
  for (const entry of entries) {
    const directory = dirname(entry.path)
    if (directory !== made) mkdirSync(join(path, directory), { recursive: true })
    made = directory
    copy(base, entry, join(path, entry.path))
  }
  return { path }
}

function copy(base: string, entry: SourceEntry, to: string): void {
  const from = join(base, entry.path)
  try {
    if (entry.kind === 'link') return symlinkSync(readlinkSync(from), to)
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
    chmodSync(to, entry.executable ? 0o755 : 0o644)
  } catch (error) {
    throw unreadable(entry.path, error)
  }
}
