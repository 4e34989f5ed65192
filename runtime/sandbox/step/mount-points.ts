// mount-points.ts — empty files and folders at which something is mounted, kept for later ones. Mounts nothing.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export type MountPointKind = 'file' | 'folder'

/** On a disk moving one takes a fraction of the time that making one takes. A step can't change them: they are mounted over. */
export class MountPoints {
  readonly #directory: string
  readonly #spare: Readonly<Record<MountPointKind, string[]>> = { file: [], folder: [] }
  readonly #used: { readonly path: string; readonly kind: MountPointKind }[] = []
  #count = 0

  /** `directory` is made when something is to be kept; it must be on the same file system. */
  constructor(directory: string) {
    this.#directory = directory
  }

  make(path: string, kind: MountPointKind): void {
    const spare = this.#spare[kind].pop()
    if (spare !== undefined) renameSync(spare, path)
    else if (kind === 'folder') mkdirSync(path)
    else writeFileSync(path, '')
    this.#used.push({ path, kind })
  }

  /** Once nothing is mounted any more. */
  takeBack(): void {
    if (this.#count === 0 && this.#used.length > 0) mkdirSync(this.#directory)
    for (const { path, kind } of this.#used.splice(0)) {
      const aside = join(this.#directory, String(++this.#count))
      renameSync(path, aside)
      this.#spare[kind].push(aside)
    }
  }
}
