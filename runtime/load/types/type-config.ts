// type-config.ts — the compiler's configuration for one build file: the user's own, or strict defaults.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { nearestConfig } from '../package-files.ts'
import { dependencyRoot, ownModule, ownRoot, ownTypesArePublished } from '../own-package.ts'
import { directoriesAbove } from '../project-root.ts'

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
  rootDir: null,
  tsBuildInfoFile: null,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
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
      // `paths` of a configuration replace those it extends: the user's are repeated.
      ...(Object.keys(paths).length === 0 ? {} : { paths: { ...userPaths(base), ...paths } }),
    },
  })
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
    ...(hasZod ? {} : { zod: [dependencyRoot('zod')], 'zod/*': [join(dependencyRoot('zod'), '*')] }),
  }
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

function userPaths(base: string | undefined): Paths {
  if (base === undefined) return {}
  try {
    const compiler = [join(dependencyRoot('typescript'), 'bin', 'tsc'), '-p', base, '--showConfig']
    const shown = execFileSync(process.execPath, compiler, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // The compiler's own output: `paths` has this shape or is absent.
    const { compilerOptions } = JSON.parse(shown) as { compilerOptions?: { paths?: Paths } }
    const entries = Object.entries(compilerOptions?.paths ?? {})
    return Object.fromEntries(
      entries.map(([name, targets]) => [name, targets.map((t) => resolve(dirname(base), t))]),
    )
  } catch {
    return {} // the type check itself reports what is wrong with it
  }
}
