// local-file.ts — localFile(): one file of the project as a reference. Finding it is left to the runtime's source operation.
import { CodedError } from '../plan/coded-error.ts'
import type { File } from '../schema/artifact.ts'
import { singleSourceOutput, singleSourceParams } from '../schema/own-schemas.ts'
import { defineStep } from './define-step.ts'
import type { Ref } from './ref.ts'

const localFileStep = defineStep({
  name: 'local-file',
  params: singleSourceParams,
  output: singleSourceOutput,
  host: 'source',
})

/**
 * One file of the project, by its path relative to the file that calls this: `localFile('./greeting.patch')`.
 * @throws CodedError TN1319 for an absolute path or one that names no file.
 */
export function localFile(path: string): Ref<File> {
  const parts = path.split('/')
  const name = parts.pop()
  if (path.startsWith('/') || name === undefined || name === '' || name === '.' || name === '..')
    throw new CodedError(
      'TN1319',
      `localFile got ${JSON.stringify(path)}, which names no file of the project`,
      {
        hint: "Give a path relative to the build file: localFile('./greeting.patch').",
      },
    )
  const base = parts.join('/') === '' ? '.' : parts.join('/')
  return localFileStep({ base, include: [name], exclude: [], gitignore: false, single: true }).output.file
}
