// host-tools.ts — the machine's own commands as a step sees them, and what of them is in its key.
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { digestOf } from '../../dsl/plan/digest.ts'
import { byCodeUnit, canonicalJson, type JsonObject } from '../../dsl/plan/json.ts'
import type { Interpreter } from '../../dsl/plan/plan.ts'
import { hasPackageDatabase, type PackageDatabase, readPackageDatabase, STATUS_FILE } from './host/dpkg.ts'
import { fileDigest, fileStamp } from './host/file-digest.ts'
import { findCommand, FoundFiles } from './host/found-files.ts'
import { packageOfCommand } from './host/package-hint.ts'
import { ROOT_FORMAT } from './host/root.ts'
import { makeView } from './host/view.ts'
import { quickjsOptions } from './quickjs/program.ts'
import { replaceFile } from './replace-file.ts'

export interface HostView {
  /** For the key: packages with versions, where each command leads, digests of files that no package owns, the interpreter. */
  readonly fingerprint: JsonObject
  /** Physical: a root file system with mount points for the rest. */
  readonly directory: string
  /** No package database: the machine's whole /usr is mounted, so a step sees more than it declares. */
  readonly wholeUsr: boolean
  /** How quickjs is started as the step sees it, its options too; empty unless it is the interpreter. */
  readonly quickjs: readonly string[]
  /** While these and the package database stay as they are, so does the fingerprint. */
  readonly files: readonly string[]
}

/**
 * What comes with a shell. Debian's packages use these without naming them (they are "essential"), so any command brings
 * them too: make runs sh, configure runs sed. locale brings the C.UTF-8 that LC_ALL names.
 */
export const SHELL_COMMANDS = ['sh', 'cat', 'sed', 'grep', 'find', 'awk', 'diff', 'locale']

/** @throws CodedError TN3100 or TN3102 when a command or the interpreter is not on this machine, TN3101 when it is no command's name. */
export async function hostView(
  home: string,
  commands: readonly string[],
  interpreter: Interpreter,
): Promise<HostView> {
  const question = situationOf(commands, interpreter)
  const key = `${home}\0${question}`
  let view = views.get(key)
  if (view === undefined) {
    view = findView(join(home, 'cache'), commands, interpreter, digestOf(question))
    views.set(key, view)
    view.catch(() => views.delete(key))
  }
  return await view
}
const views = new Map<string, Promise<HostView>>()

interface Remembered {
  readonly fingerprint: JsonObject
  readonly name: string
  readonly wholeUsr: boolean
  /** Files that no package owns, with their stamps. */
  readonly watched: Readonly<Record<string, string>>
  readonly commands: readonly string[] // where they were found
  readonly quickjs: readonly string[]
}

async function findView(
  cache: string,
  commands: readonly string[],
  interpreter: Interpreter,
  question: string,
): Promise<HostView> {
  const memory = join(cache, 'host', `${question}.json`)
  const remembered = recall(memory)
  const known = remembered === undefined ? undefined : viewOf(cache, remembered)
  if (known !== undefined && existsSync(known.directory)) return known
  const database = hasPackageDatabase() ? readPackageDatabase() : undefined
  const declared = new FoundFiles(database)
  const paths = commandPaths(commands, interpreter)
  for (const path of paths.values()) declared.addCommand(path)
  const content = describe(cache, declared, database)
  const fingerprint: JsonObject = {
    ...(interpreter === 'node' ? { node: nodeFingerprint(cache) } : {}),
    ...(database === undefined ? { whole: true } : {}),
    ...(paths.size === 0
      ? {}
      : {
          ...content,
          commands: Object.fromEntries([...paths].map(([name, path]) => [name, realpathSync(path)])),
        }),
  }
  if (interpreter === 'node') declared.addNeedsOf(realpathSync(process.execPath))
  const name = await makeNamedView(cache, declared, database)
  const watched = Object.fromEntries([...declared.files].map((path) => [path, fileStamp(path)]))
  const found: Remembered = {
    fingerprint,
    name,
    wholeUsr: database === undefined,
    watched,
    commands: [...paths.values()],
    quickjs: interpreter === 'quickjs' ? quickjsCommand(paths) : [],
  }
  replaceFile(memory, JSON.stringify(found))
  return viewOf(cache, found)
}

function viewOf(
  cache: string,
  { fingerprint, name, wholeUsr, watched, commands, quickjs }: Remembered,
): HostView {
  const files = [...Object.keys(watched), ...commands]
  return { fingerprint, directory: join(cache, 'views', name), wholeUsr, quickjs, files }
}

function recall(memory: string): Remembered | undefined {
  try {
    const remembered = JSON.parse(readFileSync(memory, 'utf8')) as Remembered // findView wrote it
    const fresh = Object.entries(remembered.watched).every(([path, stamp]) => fileStamp(path) === stamp)
    return fresh && Array.isArray(remembered.quickjs) ? remembered : undefined
  } catch {
    return undefined
  }
}

type Content = { readonly packages: readonly JsonObject[]; readonly files: readonly JsonObject[] }

function describe(cache: string, found: FoundFiles, database: PackageDatabase | undefined): Content {
  return {
    packages: (database?.closure(found.packages) ?? []).map(({ name, version, arch }) => ({
      name,
      version,
      arch,
    })),
    files: [...found.files].toSorted(byCodeUnit).map((path) => ({ path, digest: fileDigest(cache, path) })),
  }
}

/** The view's name says all that is in it, so equal closures share one. Without a database it holds nothing of its own. */
async function makeNamedView(
  cache: string,
  found: FoundFiles,
  database: PackageDatabase | undefined,
): Promise<string> {
  const links = [...found.links].toSorted(([a], [b]) => byCodeUnit(a, b))
  const content = database === undefined ? {} : { ...describe(cache, found, database), links }
  const name = digestOf(canonicalJson({ format: ROOT_FORMAT, ...content }))
  const packages = database?.closure(found.packages) ?? []
  const own = database === undefined ? { links: [], files: [] } : { links, files: found.files }
  await makeView(cache, join(cache, 'views', name), { packages, ...own })
  return name
}

/** Where each command is; what merely comes with a shell may be missing. */
function commandPaths(commands: readonly string[], interpreter: Interpreter): ReadonlyMap<string, string> {
  const paths = new Map<string, string>()
  const implied = commands.length > 0 || interpreter === 'sh' ? SHELL_COMMANDS : []
  for (const name of [...new Set([...commands, ...implied])].toSorted(byCodeUnit)) {
    const path = findCommand(checkedName(name))
    if (path !== undefined) paths.set(name, path)
    else if (commands.includes(name) || name === 'sh') throw notFound(name)
  }
  return interpreter === 'quickjs' ? paths.set(QUICKJS, findCommand(QUICKJS) ?? noQuickjs()) : paths
}

const QUICKJS = 'qjs'

function noQuickjs(): never {
  throw new CodedError('TN3102', `quickjs is not on this machine: there is no command '${QUICKJS}'`, {
    hint: "install it; on Debian 13 and later: apt-get install quickjs. A step without interpreter: 'quickjs' runs in node, which needs nothing",
    details: [LOOKED_FOR],
  })
}

function quickjsCommand(paths: ReadonlyMap<string, string>): readonly string[] {
  const path = paths.get(QUICKJS) ?? noQuickjs()
  return [path, ...quickjsOptions(path)]
}

function checkedName(name: string): string {
  if (/^[^\s/]+$/.test(name) && name !== '.' && name !== '..') return name
  throw new CodedError('TN3101', `${JSON.stringify(name)} is not the name of a command`, {
    hint: "name commands as you would type them, without folders or arguments: hostTools('cc', 'make')",
  })
}

function notFound(name: string): CodedError {
  return new CodedError('TN3100', `the host tool '${name}' is not on this machine`, {
    hint: `install it; on Debian and Ubuntu probably: apt-get install ${packageOfCommand(name)}`,
    details: [LOOKED_FOR],
  })
}
const LOOKED_FOR =
  'looked for in /usr/bin, /bin, /usr/sbin, /sbin, /usr/local/bin, /usr/local/sbin; PATH has no say'

/**
 * Node's own version of everything is in its binary. The C and C++ libraries it links to are in the view but not here:
 * no result of a TypeScript body can show their version, and each of their security updates would run every step again.
 */
function nodeFingerprint(cache: string): JsonObject {
  return {
    version: process.version,
    arch: process.arch,
    digest: fileDigest(cache, realpathSync(process.execPath)),
  }
}

/** All that the answer depends on, cheap to find: where each command leads now, and the state of the package database. */
function situationOf(commands: readonly string[], interpreter: Interpreter): string {
  const paths = [...commandPaths(commands, interpreter)].map(([name, path]) => [
    name,
    path,
    realpathSync(path),
  ])
  const status = hasPackageDatabase() ? fileStamp(STATUS_FILE) : null
  const node = interpreter === 'node' ? [realpathSync(process.execPath), fileStamp(process.execPath)] : null
  return canonicalJson({ format: ROOT_FORMAT, status, paths, node })
}
