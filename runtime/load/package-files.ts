// package-files.ts — the files that steer how imports resolve: package.json, lock files, tsconfig.json with what it extends.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { directoriesAbove, nearestWith } from './project-root.ts'

const LOCKS = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']

/** For a build file in `root`; absent ones too, because their appearance would change the answer. */
export function steeringFiles(file: string, root: string): readonly string[] {
  const inside = directoriesAbove(file).filter((directory) => directory.startsWith(root))
  const names = inside.flatMap((directory) =>
    ['package.json', 'tsconfig.json'].map((name) => join(directory, name)),
  )
  return [...names, ...LOCKS.map((name) => join(root, name)), ...configChain(file)]
}

/** The package.json nearest to each of `files`: it says what its imports and its own names mean. */
export function packageFilesOf(files: Iterable<string>): readonly string[] {
  const found = new Set<string>()
  const nearest = new Map<string, string | undefined>()
  for (const file of files) {
    const directory = dirname(file)
    if (!nearest.has(directory)) nearest.set(directory, nearestWith('package.json', file))
    const owner = nearest.get(directory)
    if (owner !== undefined) found.add(join(owner, 'package.json'))
  }
  return [...found]
}

/** The tsconfig.json nearest to `file`, absolute; undefined when there is none. */
export function nearestConfig(file: string): string | undefined {
  const directory = nearestWith('tsconfig.json', file)
  return directory === undefined ? undefined : join(directory, 'tsconfig.json')
}

function configChain(file: string): readonly string[] {
  const chain = new Set<string>()
  const add = (config: string | undefined): void => {
    if (config === undefined || chain.has(config)) return
    chain.add(config)
    if (existsSync(config)) for (const base of extendedBy(config)) add(base)
  }
  add(nearestConfig(file))
  return [...chain]
}

/** Found in the text, not by parsing: configuration files hold comments, and a name too many costs one stamp. */
function extendedBy(config: string): readonly string[] {
  const value = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
  return [...value.matchAll(/"([^"]+)"/g)].flatMap(([, name = '']) => {
    if (isAbsolute(name) || name.startsWith('.')) {
      const path = resolve(dirname(config), name)
      return [path.endsWith('.json') ? path : `${path}.json`]
    }
    return resolvedFrom(config, name) ?? resolvedFrom(config, `${name}/tsconfig.json`) ?? []
  })
}

function resolvedFrom(config: string, name: string): string | undefined {
  try {
    return createRequire(config).resolve(name)
  } catch {
    return undefined // the compiler reports it
  }
}
