// watched.ts — every path whose change may change a project source: what a later build looks at instead of walking again.
import { dirname, join } from 'node:path'
import { listSource, type SourceParams } from './list.ts'

/** Files, directories (their names) and ignore files, which need not exist. @throws CodedError TN4200–TN4205 */
export function watchedBySource(params: SourceParams, projectRoot: string, home: string): readonly string[] {
  const { base, entries, directories } = listSource(params, projectRoot, [home])
  const files = entries.map(({ path }) => join(base, path))
  if (params.single) return files
  const ignoreFiles = params.gitignore
    ? [...new Set([...directories, ...above(base)])].flatMap((directory) => [
        join(directory, '.gitignore'),
        join(directory, '.git', 'info', 'exclude'),
      ])
    : []
  return [...files, ...directories, ...ignoreFiles]
}

function above(directory: string): readonly string[] {
  const parent = dirname(directory)
  return parent === directory ? [] : [parent, ...above(parent)]
}
