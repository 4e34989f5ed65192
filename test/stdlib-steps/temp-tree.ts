// temp-tree.ts — a directory of files for one test. Asserts nothing.
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

/** Text by path; `-> target` makes a link, `*text` an executable file, a path with `/` at its end a directory. */
export type Files = Readonly<Record<string, string>>

export async function withTree<T>(files: Files, use: (root: string) => T | Promise<T>): Promise<T> {
  const root = temporaryFolder('tree')
  for (const [path, text] of Object.entries(files)) place(join(root, path), path, text)
  return await use(root)
}

function place(target: string, path: string, text: string): void {
  mkdirSync(path.endsWith('/') ? target : dirname(target), { recursive: true })
  if (path.endsWith('/')) return
  if (text.startsWith('-> ')) return symlinkSync(text.slice(3), target)
  writeFileSync(target, text.replace(/^\*/, ''))
  chmodSync(target, text.startsWith('*') ? 0o755 : 0o644)
}
