// dpkg.ts — what Debian's package database says: versions, dependencies, who owns a file. Reads its files; runs nothing.
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { usrLinks } from './root.ts'

export interface Package {
  readonly name: string
  readonly version: string
  readonly arch: string
  /** Each is satisfied by one of its alternatives: package names or names others provide. */
  readonly depends: readonly (readonly string[])[]
  readonly listFile: string
}

export interface PackageDatabase {
  readonly owner: (path: string) => Package | undefined
  /** The packages and all that they depend on, by name. */
  readonly closure: (roots: Iterable<Package>) => readonly Package[]
}

const DIRECTORY = '/var/lib/dpkg'
export const STATUS_FILE = `${DIRECTORY}/status`

export function hasPackageDatabase(): boolean {
  return lstatSync(STATUS_FILE, { throwIfNoEntry: false })?.isFile() === true
}

export function readPackageDatabase(): PackageDatabase {
  const packages = readPackages()
  const byName = namesOf(packages)
  let owners: ReadonlyMap<string, Package> | undefined
  return {
    owner: (path) => (owners ??= ownersOf(packages)).get(path),
    closure: (roots) => closureOf(roots, byName),
  }
}

interface Installed extends Package {
  readonly provides: readonly string[]
}

function readPackages(): readonly Installed[] {
  const lists = new Set(readdirSync(join(DIRECTORY, 'info')).filter((name) => name.endsWith('.list')))
  return readFileSync(STATUS_FILE, 'utf8')
    .split('\n\n')
    .filter((stanza) => /^Status: .* installed$/m.test(stanza))
    .flatMap((stanza) => packageOf(stanza, lists))
}

function packageOf(stanza: string, lists: ReadonlySet<string>): Installed[] {
  const [name, arch] = [field(stanza, 'Package'), field(stanza, 'Architecture')]
  const list = [`${name}:${arch}.list`, `${name}.list`].find((file) => lists.has(file))
  if (list === undefined) return []
  const depends = [...listed(stanza, 'Pre-Depends'), ...listed(stanza, 'Depends')]
  const recommends = listed(stanza, 'Recommends').filter((one) => NEEDED_RECOMMENDATION.test(one))
  return [
    {
      name,
      arch,
      version: field(stanza, 'Version'),
      listFile: join(DIRECTORY, 'info', list),
      depends: [...depends, ...recommends].map((one) => one.split('|').map(bareName)),
      provides: listed(stanza, 'Provides').map(bareName),
    },
  ]
}

/** A C compiler only recommends the C library's headers and start files, but makes no program without them. */
const NEEDED_RECOMMENDATION = /\blibc6?-dev\b/

function field(stanza: string, name: string): string {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? ''
}

function listed(stanza: string, name: string): readonly string[] {
  return field(stanza, name)
    .split(',')
    .filter((one) => one.trim() !== '')
}

/** `libc6:any (>= 2.36)` is libc6: that the versions fit is dpkg's care. */
function bareName(dependency: string): string {
  return /^\s*([^\s(:[]*)/.exec(dependency)?.[1] ?? ''
}

function namesOf(packages: readonly Installed[]): ReadonlyMap<string, readonly Package[]> {
  const names = new Map<string, Package[]>()
  const add = (name: string, one: Package): void => void names.set(name, [...(names.get(name) ?? []), one])
  for (const one of packages) add(one.name, one)
  for (const one of packages) for (const name of one.provides) add(name, one)
  return names
}

function closureOf(
  roots: Iterable<Package>,
  byName: ReadonlyMap<string, readonly Package[]>,
): readonly Package[] {
  const found = new Set(roots)
  // A Set's iteration also visits what is added meanwhile.
  for (const one of found)
    for (const alternatives of one.depends) {
      const candidates = alternatives.flatMap((name) => byName.get(name) ?? [])
      const chosen = candidates.find(({ arch }) => arch === one.arch || arch === 'all') ?? candidates[0]
      if (chosen !== undefined) found.add(chosen)
    }
  return [...found].toSorted((a, b) => (a.listFile < b.listFile ? -1 : 1))
}

/** All paths a package installs, with links of the root (`/bin` → `usr/bin`) followed. */
export function pathsOf(one: Package): readonly string[] {
  const links = usrLinks()
  const lines = readFileSync(one.listFile, 'utf8').split('\n')
  return lines.filter((line) => line.length > 1 && line !== '/.').map((path) => throughLinks(path, links))
}

function throughLinks(path: string, links: Readonly<Record<string, string>>): string {
  const end = path.indexOf('/', 1)
  const first = path.slice(1, end === -1 ? undefined : end)
  const target = links[first]
  return target === undefined ? path : `/${target}${end === -1 ? '' : path.slice(end)}`
}

/** Only programs and libraries are ever asked for. */
function ownersOf(packages: readonly Package[]): ReadonlyMap<string, Package> {
  const owners = new Map<string, Package>()
  for (const one of packages)
    for (const path of pathsOf(one)) if (path.includes('bin/') || path.includes('.so')) owners.set(path, one)
  return owners
}
