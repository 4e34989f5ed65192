// parse-patch-file.ts — the text of a patch file as changes to files. Reads no tree.
import { type StructuredPatch, parsePatch } from 'diff'
import { StepError, messageOf } from '../step-error.ts'

export interface FileChange {
  /** Paths below the root, stripped; null: the file does not exist on that side. */
  readonly before: string | null
  readonly after: string | null
  readonly keepsBefore: boolean // a copy, not a rename
  readonly executable: boolean | null // null: as it is
  readonly removesWhenEmpty: boolean // `diff -N` marks a removed file by a time stamp only
  readonly hunks: StructuredPatch
}

const EPOCH = /^(1970-01-01|1969-12-31) /
// Mail signatures of `git format-patch`; inside a hunk no line begins with a digit.
const SIGNATURE = /^-- \n\d[^\n]*$/gm

/**
 * `text` holds bytes as latin1, so that files of any encoding can be patched.
 * @throws StepError TN3510 (no patch), TN3512 (a path that leaves the root), TN3514 (binary, link)
 */
export function parsePatchFile(patch: string, text: string, strip: number): readonly FileChange[] {
  const changes = parsed(patch, text.replace(SIGNATURE, '')).map((one) => fileChange(patch, one, strip))
  if (/^GIT binary patch$/m.test(text)) throw unsupported(patch, 'holds a binary change')
  if (changes.length === 0)
    throw new StepError(
      'TN3510',
      `patch '${patch}' changes nothing`,
      'Is it a unified diff? Make it by `diff -u` or `git diff`.',
    )
  return changes
}

function parsed(patch: string, text: string): StructuredPatch[] {
  try {
    return parsePatch(text).filter(
      ({ oldFileName, newFileName }) => (oldFileName ?? newFileName) !== undefined,
    )
  } catch (error) {
    throw new StepError(
      'TN3510',
      `patch '${patch}' cannot be read: ${messageOf(error)}`,
      'Line counts in `@@` headers must match their hunks: make the patch again by `diff -u` or `git diff`.',
      error,
    )
  }
}

function fileChange(patch: string, hunks: StructuredPatch, strip: number): FileChange {
  if (hunks.isBinary) throw unsupported(patch, `changes the binary file '${hunks.newFileName}'`)
  if ([hunks.oldMode, hunks.newMode].some((mode) => mode !== undefined && !mode.startsWith('100')))
    throw unsupported(patch, `changes '${hunks.newFileName}', which is a symbolic link or a submodule`)
  const before = hunks.isCreate ? null : pathOf(patch, hunks.oldFileName, strip)
  const after = hunks.isDelete ? null : pathOf(patch, hunks.newFileName, strip)
  return {
    before,
    after,
    keepsBefore: hunks.isCopy === true,
    executable: hunks.newMode === undefined ? null : hunks.newMode === '100755',
    removesWhenEmpty: EPOCH.test(hunks.newHeader ?? ''),
    hunks,
  }
}

function pathOf(patch: string, name: string | undefined, strip: number): string | null {
  if (name === undefined || name === '/dev/null') return null
  const parts = decoded(name).split('/')
  const path = parts.slice(Math.min(strip, parts.length - 1)).join('/')
  if (path.startsWith('/') || path.split('/').some((part) => part === '..' || part === ''))
    throw new StepError(
      'TN3512',
      `patch '${patch}' names '${name}', which is no path below the source with ${strip} leading directories stripped`,
      'Set `strip` to the number of leading directories in the patch (1 for `a/…` and `b/…`); do not trust a patch with `..`.',
    )
  return path
}

/** Raw names hold UTF-8 bytes as latin1; names that git quoted are decoded by the parser already. */
function decoded(name: string): string {
  const utf8 = Buffer.from(name, 'latin1').toString('utf8')
  return utf8.includes('\uFFFD') || /[^\0-\xff]/.test(name) ? name : utf8
}

function unsupported(patch: string, fact: string): StepError {
  return new StepError(
    'TN3514',
    `patch '${patch}' ${fact}`,
    'Text changes, new, removed, renamed and executable files are supported: make other changes in a script step.',
  )
}
