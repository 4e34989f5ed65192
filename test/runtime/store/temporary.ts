// temporary.ts — directories and stores for one test.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Store } from '../../../runtime/store/store.ts'
import { temporaryFolder } from '../../temporary-folder.ts'

export function temporaryDirectory(): string {
  return temporaryFolder('store')
}

/** A store in a directory of its own; `work` is beside it. */
export function temporaryStore(): { readonly store: Store; readonly work: string } {
  const directory = temporaryDirectory()
  const work = join(directory, 'work')
  mkdirSync(work)
  return { store: Store.open(join(directory, 'home')), work }
}

/** Path → content of a file, target of a link, or null for an empty directory; `executable` lists files. */
export interface Files {
  readonly [path: string]: string | Buffer | { readonly link: string } | null
}

export function makeTree(directory: string, files: Files, executable: readonly string[] = []): string {
  mkdirSync(directory, { recursive: true })
  for (const [path, content] of Object.entries(files)) {
    const full = join(directory, path)
    mkdirSync(content === null ? full : dirname(full), { recursive: true })
    if (content === null) continue
    if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(full, content)
    else symlinkSync(content.link, full)
  }
  for (const path of executable) chmodSync(join(directory, path), 0o755)
  return directory
}
