// result-links.ts — links to what a build made, in the user's directory; each keeps its object from being collected.
import { resolve } from 'node:path'
import type { BuildResult } from '../commands/build.ts'
import { Store } from '../store/store.ts'
import type { Context } from './context.ts'

/** One artifact: `result`; several: `result-<field>`; none: no link. @returns the links. @throws CodedError when something else is there. */
export function linkResult(context: Context, result: BuildResult): readonly string[] {
  const { flags } = context.invocation
  if (flags['no-link'] || result.artifacts.length === 0) return []
  const base = resolve(context.directory, flags['out-link'] ?? 'result')
  const store = Store.open(context.home)
  return result.artifacts.map((artifact) => {
    const field = artifact.pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '_').replaceAll('~0', '~')
    const link = result.artifacts.length === 1 ? base : `${base}-${field}`
    store.addRoot(link, [artifact.object])
    return link
  })
}
