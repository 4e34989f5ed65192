// local-source.ts — the step localSource: files of the project as a source. Leaves reading them to the runtime.
import { z } from 'zod'
import { defineStep, workTree } from 'tenon'

const step = defineStep({
  name: 'local-source',
  params: z.object({
    base: z.string(),
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    gitignore: z.boolean(),
    single: z.literal(false),
  }),
  output: z.object({ src: workTree() }),
  host: 'source',
})

export interface LocalSourceOptions {
  /** Folder, relative to the build file; it must lie in the project. Default: the build file's own. */
  readonly root?: string
  /** Globs below the folder. Default: everything. */
  readonly include?: readonly string[]
  readonly exclude?: readonly string[]
  /** Leave out what .gitignore files name. Default: true. */
  readonly gitignore?: boolean
}

/**
 * Copies files of the project: `{} → { src }`. Their content, names and executable bits count, their times do not.
 * Errors: TN1319 (outside of the project), TN4xxx (nothing matches).
 */
export function localSource(options: LocalSourceOptions = {}): ReturnType<typeof step> {
  const { root = '.', include = ['**'], exclude = [], gitignore = true } = options
  return step({ base: root, include: [...include], exclude: [...exclude], gitignore, single: false })
}
