// type-config.ts — the compiler's configuration for one build file: the user's own, or strict defaults.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { nearestConfig } from '../package-files.ts'
import { dependencyRoot, ownModule, ownRoot, ownTypesArePublished } from '../own-package.ts'
import { directoriesAbove } from '../project-root.ts'
import { compilerCommand } from './compiler.ts'

type Paths = Readonly<Record<string, readonly string[]>>

/** What a build file means to the compiler, whatever the user's configuration emits. */
const FORCED = {
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  rootDir: '/',
  tsBuildInfoFile: null,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  // Without these neither zod's types nor Tenon's mean anything.
  strictNullChecks: true,
  strictFunctionTypes: true,
}
const DEFAULTS = {
  target: 'ES2024',
  lib: ['ES2024'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  types: [],
}

/** The text of a tsconfig.json; it may lie anywhere, for all paths in it are absolute. */
export function typeConfig(file: string): string {
  const base = nearestConfig(file)
  const user = base === undefined ? {} : shownOptions(base)
  const paths = fallbackPaths(file)
  const isScript = ['.js', '.mjs'].includes(extname(file))
  const nodeTypes = findInstalled(file, '@types/node/index.d.ts') ?? ownNodeTypes()
  return JSON.stringify({
    ...(base === undefined ? {} : { extends: base }),
    files: [file, ...(nodeTypes === undefined ? [] : [nodeTypes])],
    include: [],
    compilerOptions: {
      ...(base === undefined ? DEFAULTS : {}),
      ...FORCED,
      ...(isScript ? { allowJs: true } : {}),
      ...typeRoots(base),
      ...(user.types === undefined ? {} : foundTypes(base ?? file, user.types)),
      // `paths` of a configuration replace those it extends: the user's are repeated.
      ...(Object.keys(paths).length === 0 ? {} : { paths: { ...user.paths, ...paths } }),
    },
  })
}

/** Names in the user's `types` are looked up from the user's configuration, not from where this text lies. */
function typeRoots(base: string | undefined): { readonly typeRoots?: readonly string[] } {
  if (base === undefined || readFileSync(base, 'utf8').includes('"typeRoots"')) return {}
  return { typeRoots: directoriesAbove(base).map((directory) => join(directory, 'node_modules', '@types')) }
}

/** Where a project that has not installed these finds them; its own come first. */
function fallbackPaths(file: string): Paths {
  const hasTenon = ownTypesArePublished && findInstalled(file, 'tenon/package.json') !== undefined
  const hasZod = findInstalled(file, 'zod/package.json') !== undefined
  return {
    ...(hasTenon
      ? {}
      : {
          tenon: [ownModule('dsl/index', 'types')],
          'tenon/steps': [ownModule('stdlib-steps/index', 'types')],
        }),
    ...(hasZod ? {} : { zod: [zodTypes('.')], 'zod/*': [zodTypes('*')] }),
  }
}

function zodTypes(path: string): string {
  return join(dependencyRoot('zod'), path, 'index.d.ts')
}

function findInstalled(file: string, path: string): string | undefined {
  return directoriesAbove(file)
    .map((directory) => join(directory, 'node_modules', path))
    .find((candidate) => existsSync(candidate))
}

/** Bodies run in Node; a project without its types gets Tenon's, where Tenon has them. */
function ownNodeTypes(): string | undefined {
  return findInstalled(join(ownRoot, 'package.json'), '@types/node/index.d.ts')
}

interface ShownOptions {
  /** Absolute. */
  readonly paths?: Paths
  readonly types?: readonly string[]
}

/** What the compiler makes of a configuration with all it extends. */
function shownOptions(base: string): ShownOptions {
  try {
    const { command, words } = compilerCommand()
    const shown = execFileSync(command, [...words, '-p', base, '--showConfig'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // The compiler's own output: its members have these shapes or are absent.
    const { compilerOptions = {} } = JSON.parse(shown) as { compilerOptions?: ShownOptions }
    const entries = Object.entries(compilerOptions.paths ?? {})
    const paths = entries.map(([name, targets]) => [
      name,
      targets.map((target) => resolve(dirname(base), target)),
    ])
    // The entries just mapped.
    return { ...compilerOptions, paths: Object.fromEntries(paths) as Paths }
  } catch {
    return {} // the type check itself reports what is wrong with it
  }
}

/** `types` are looked up from where a configuration lies, and ours lies elsewhere: they are named by their directories. */
function foundTypes(base: string, types: readonly string[]): object {
  const found = types.map((name) => {
    if (name.startsWith('.')) return resolve(dirname(base), name)
    const [scope = '', ...rest] = name.split('/')
    const packageName = scope.startsWith('@') ? `${scope}/${rest[0]}` : scope
    const typesOf = findInstalled(base, `@types/${name}`)
    const own = findInstalled(base, packageName)
    const ownOfNode = name === 'node' ? ownNodeTypes() : undefined
    if (typesOf === undefined && own === undefined && ownOfNode !== undefined) return dirname(ownOfNode)
    return typesOf ?? (own === undefined ? name : own + name.slice(packageName.length))
  })
  return { types: found, typeRoots: [dirname(base)] }
}
