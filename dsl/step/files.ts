// files.ts — the file operations that every TypeScript body gets, whatever runs it: types alone. They are runtime/sandbox's.

/**
 * Synchronous. A relative path is relative to `/build`. Each throws an `Error` that names the path and the reason.
 */
export interface Files {
  /** The whole file. Throws when it is not UTF-8. */
  readText(path: string): string
  /** Makes the file or replaces what is in it; its directory must be there. `executable`: it can be run. */
  writeText(path: string, text: string, options?: { readonly executable?: boolean }): void
  /** Whether anything is there; a link counts as what it leads to. */
  exists(path: string): boolean
  /** Whether a directory is there; a link counts as what it leads to. */
  isDirectory(path: string): boolean
  /** Names in a directory, in the order of their UTF-16 code units. */
  list(path: string): readonly string[]
  /** With all that leads to it; one that is there already stays as it is. */
  makeDirectory(path: string): void
  /**
   * A file, a link (as it is), or a directory with all in it; executable bits stay, and the copy can be written to. `to` is the new
   * name; its directory must be there, and a file there is replaced.
   */
  copy(from: string, to: string): void
  /** A file, a link, or a directory with all in it. Nothing there: nothing to do. */
  remove(path: string): void
}
