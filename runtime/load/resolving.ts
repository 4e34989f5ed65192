// resolving.ts — what bundling plans and bodies has in common: languages, and packages that Tenon brings along.
import { extname } from 'node:path'
import type { Loader, OnResolveArgs, OnResolveResult, PluginBuild } from 'esbuild'
import { ownRoot } from './own-package.ts'

export const MODULE_FILES = /\.[cm]?[jt]s$/

export function loaderOf(file: string): Loader {
  return /\.[cm]?ts$/.test(extname(file)) ? 'ts' : 'js'
}

const OWN_ATTEMPT = Symbol('resolved again from another directory')

/** zod of the project; of Tenon where the project has none. */
export function resolveZod(build: PluginBuild): void {
  build.onResolve({ filter: /^zod(?:\/|$)/ }, async (args): Promise<OnResolveResult | undefined> => {
    if (args.pluginData === OWN_ATTEMPT) return undefined
    const own = await resolveAgain(build, args, args.resolveDir)
    return own ?? (await resolveAgain(build, args, ownRoot))
  })
}

async function resolveAgain(
  build: PluginBuild,
  args: OnResolveArgs,
  resolveDir: string,
): Promise<OnResolveResult | undefined> {
  const { path, sideEffects, errors } = await build.resolve(args.path, {
    resolveDir,
    kind: args.kind,
    importer: args.importer,
    pluginData: OWN_ATTEMPT,
  })
  return errors.length > 0 ? undefined : { path, sideEffects }
}
