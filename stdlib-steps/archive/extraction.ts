// extraction.ts — writes the entries of one archive below a fresh directory and nowhere else. Knows no archive format.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  constants,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { StepError } from '../step-error.ts'
import { entryPath } from './entry-path.ts'
import { escapingLink } from './escaping-link.ts'
import type { Placed } from './placed.ts'

export interface ExtractionLimits {
  readonly maxSizeBytes: number
  readonly maxEntries: number
}

/** The root must be an empty directory that nothing else writes to. */
export class Extraction {
  readonly root: string
  readonly strip: number
  readonly placed = new Map<string, Placed>()
  readonly #limits: ExtractionLimits
  #sizeBytes = 0
  #lastEntry: string | null = null

  constructor(root: string, strip: number, limits: ExtractionLimits) {
    this.root = root
    this.strip = strip
    this.#limits = limits
  }

  get lastEntry(): string | null {
    return this.#lastEntry
  }

  /** Tells of an entry before anything of it is used. */
  begin(name: string): void {
    this.#lastEntry = name
    if (this.placed.size >= this.#limits.maxEntries)
      throw tooLarge(`has more than ${this.#limits.maxEntries} entries`, name, 'maxEntries')
  }

  /** Counts unpacked bytes. */
  spend(sizeBytes: number): void {
    this.#sizeBytes += sizeBytes
    if (this.#sizeBytes > this.#limits.maxSizeBytes)
      throw tooLarge(
        `unpacks to more than ${this.#limits.maxSizeBytes} bytes`,
        this.#lastEntry,
        'maxSizeBytes',
      )
  }

  directory(name: string): void {
    const path = entryPath(name, this.strip)
    if (path === null) return
    const found = this.placed.get(path.join('/'))
    if (found?.kind === 'directory') return // named twice, or a parent before it was named: common and harmless
    this.#makeDirectory(this.#place(name, path, { kind: 'directory' }))
  }

  async file(name: string, executable: boolean, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = entryPath(name, this.strip)
    if (path === null) return
    const target = this.#place(name, path, { kind: 'file' })
    const mode = executable ? 0o755 : 0o644
    const descriptor = openSync(target, 'wx', mode)
    try {
      for await (const chunk of content) writeFileSync(descriptor, chunk)
    } finally {
      closeSync(descriptor)
    }
    chmodSync(target, mode)
  }

  symlink(name: string, target: string): void {
    const path = entryPath(name, this.strip)
    if (path === null) return
    if (target === '')
      throw new StepError('TN3501', `archive entry '${name}' is a link to nothing`, 'Fetch it again.')
    if (target.startsWith('/')) throw escapes(name, target)
    symlinkSync(target, this.#place(name, path, { kind: 'symlink', target, name }))
  }

  /** A second name becomes a second file: trees have no hard links. */
  hardLink(name: string, target: string): void {
    const path = entryPath(name, this.strip)
    if (path === null) return
    const source =
      target.startsWith('/') || target.split('/').includes('..') ? null : entryPath(target, this.strip)
    if (source === null) throw escapes(name, target)
    const found = this.placed.get(source.join('/'))
    if (found?.kind !== 'file')
      throw new StepError(
        'TN3503',
        `archive entry '${name}' is a hard link to '${target}', which is no file before it in the archive`,
        'The archive is damaged or made to deceive: do not trust it.',
      )
    const place = this.#place(name, path, { kind: 'file' })
    copyFileSync(join(this.root, ...source), place, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL)
  }

  /** Checks every symbolic link against the directory `inside` (path below the root) once all entries are known. */
  checkLinks(inside: readonly string[]): void {
    const link = escapingLink(this.placed, inside)
    if (link !== null) throw escapes(link.name, link.target)
  }

  #place(name: string, path: readonly string[], what: Placed): string {
    for (let length = 1; length < path.length; length++) this.#placeParent(name, path.slice(0, length))
    const key = path.join('/')
    if (this.placed.has(key))
      throw new StepError(
        'TN3505',
        `archive entry '${name}' is there twice`,
        'Which of the two is meant cannot be known: repack the archive, or fetch another.',
      )
    this.placed.set(key, what)
    return join(this.root, ...path)
  }

  #placeParent(name: string, path: readonly string[]): void {
    const key = path.join('/')
    const found = this.placed.get(key)
    if (found === undefined) {
      this.placed.set(key, { kind: 'directory' })
      this.#makeDirectory(join(this.root, ...path))
    } else if (found.kind !== 'directory')
      throw new StepError(
        'TN3503',
        `archive entry '${name}' would be written through the ${found.kind} '${key}'`,
        'Do not trust this archive: an entry below a link or a file is a way to write elsewhere.',
      )
  }

  #makeDirectory(path: string): void {
    mkdirSync(path)
    chmodSync(path, 0o755)
  }
}

function escapes(name: string, target: string): StepError {
  return new StepError(
    'TN3503',
    `archive entry '${name}' links to '${target}', outside of the archive`,
    'Do not trust this archive, or unpack it with a step of your own that leaves the link out.',
  )
}

function tooLarge(fact: string, entry: string | null, limit: keyof ExtractionLimits): StepError {
  return new StepError(
    'TN3506',
    `the archive ${fact}${entry === null ? '' : ` (at entry '${entry}')`}`,
    `If the archive really is this large, raise the limit: unpack({ ${limit}: … }).`,
  )
}
