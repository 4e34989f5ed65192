// found-files.ts — from commands to what they need: packages where one owns the file, single files where none does.
import {
  accessSync,
  constants,
  globSync,
  lstatSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  closeSync,
  statSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Package, PackageDatabase } from './dpkg.ts'
import { readElfNeeds } from './elf.ts'

/** Packaged commands come before the administrator's own, whose other files nobody knows. The PATH variable has no say. */
const COMMAND_DIRECTORIES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/local/sbin']
const STEP_PATH = ['/usr/bin', '/bin']
const TRIPLET = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

/** The first file of that name that can be run. */
export function findCommand(name: string): string | undefined {
  return COMMAND_DIRECTORIES.map((directory) => join(directory, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return statSync(path).isFile()
    } catch {
      return false
    }
  })
}

export class FoundFiles {
  readonly packages = new Set<Package>()
  /** Links that belong to no package: Debian's alternatives, and those made here. */
  readonly links = new Map<string, string>()
  /** Files that belong to no package. */
  readonly files = new Set<string>()
  readonly #database: PackageDatabase | undefined

  constructor(database: PackageDatabase | undefined) {
    this.#database = database
  }

  /** A command found at `path`; one outside of the step's PATH gets a link there. */
  addCommand(path: string): void {
    if (!STEP_PATH.includes(dirname(path))) this.links.set(`/usr/bin/${basename(path)}`, path)
    this.addPath(path)
  }

  addPath(path: string): void {
    const here = join(realpathSync(dirname(path)), basename(path))
    if (this.files.has(here) || this.links.has(here)) return
    const owner = this.#database?.owner(here)
    if (owner !== undefined) this.packages.add(owner)
    if (lstatSync(here).isSymbolicLink()) {
      const target = readlinkSync(here)
      if (owner === undefined) this.links.set(here, target)
      this.addPath(isAbsolute(target) ? target : join(dirname(here), target))
    } else if (owner === undefined) {
      this.files.add(here)
      this.addNeedsOf(here)
    }
  }

  /** The libraries of a program, or the interpreter of a script; not the file itself. */
  addNeedsOf(file: string): void {
    const needs = readElfNeeds(file)
    if (needs === undefined) this.#addInterpreter(file)
    if (needs?.loader != null) this.addPath(needs.loader)
    const own = (needs?.searchPaths ?? []).map((path) =>
      path.replaceAll(/\$(?:ORIGIN|\{ORIGIN\})/g, dirname(file)),
    )
    for (const name of needs?.libraries ?? []) {
      const found = [...own, ...libraryDirectories()].map((directory) => join(directory, name)).find(isThere)
      if (found === undefined) continue // the program itself says what it misses
      this.addPath(found)
      // Without /etc/ld.so.cache the loader looks into the system's own folders only.
      if (this.files.has(realpathSync(found)) && !own.includes(dirname(found)))
        this.links.set(`/usr/lib/${TRIPLET}/${name}`, found)
    }
  }

  #addInterpreter(script: string): void {
    const [, interpreter, argument] = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(firstLine(script)) ?? []
    if (interpreter === undefined || !isThere(interpreter)) return
    this.addPath(interpreter)
    const command =
      basename(interpreter) === 'env' && argument !== undefined ? findCommand(argument) : undefined
    if (command !== undefined) this.addCommand(command)
  }
}

/** The loader's own folders first: in a step it knows no others. */
let directories: readonly string[] | undefined
function libraryDirectories(): readonly string[] {
  if (directories !== undefined) return directories
  const own = `/lib/${TRIPLET} /usr/lib/${TRIPLET} /lib64 /usr/lib64 /lib /usr/lib`.split(' ')
  const files = globSync('/etc/ld.so.conf.d/*.conf').toSorted()
  const configured = files.flatMap((file) => readFileSync(file, 'utf8').split('\n'))
  directories = [...own, ...configured.filter((line) => line.startsWith('/')), '/usr/local/lib']
  return directories
}

function firstLine(file: string): string {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(256) // BINPRM_BUF_SIZE: the kernel reads no more
    return buffer.toString('utf8', 0, readSync(descriptor, buffer)).split('\n')[0] ?? ''
  } finally {
    closeSync(descriptor)
  }
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
