// entry-path.ts — an archive entry's name as a path inside of the root, or why it is none. Touches no files.
import { StepError } from '../step-error.ts'

/** The components of `name`, `strip` leading ones left out; null when nothing remains (the root itself). */
export function entryPath(name: string, strip: number): readonly string[] | null {
  const problem = nameProblem(name)
  if (problem !== null)
    throw new StepError(
      'TN3502',
      `archive entry ${JSON.stringify(name)} ${problem}`,
      'Do not trust this archive: it tries to write outside of its own directory, or is damaged.',
    )
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  return parts.length > strip ? parts.slice(strip) : null
}

function nameProblem(name: string): string | null {
  if (name === '') return 'has an empty name'
  if (name.startsWith('/')) return 'has an absolute name'
  if (name.includes('\0')) return 'has a NUL character in its name'
  if (name.includes('\uFFFD')) return 'has a name that is not UTF-8'
  if (name.split('/').includes('..')) return "has '..' in its name"
  return null
}
