// temporary.ts — directories and stores that end with their test.
import { chmodSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { removeTree } from '../../../runtime/store/files/remove-tree.ts'
import { Store } from '../../../runtime/store/store.ts'

export function temporaryDirectory(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'tenon-store-'))
  t.after(() => removeTree(directory))
  return directory
}

/** A store in a directory of its own; `work` is beside it. */
export function temporaryStore(t: TestContext): { readonly store: Store; readonly work: string } {
  const directory = temporaryDirectory(t)
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
