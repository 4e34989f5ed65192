// apply-patch-file.ts — one patch file laid over a tree, without fuzz. Leaves reading of the patch to parse-patch-file.
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { applyPatch } from 'diff'
import { StepError, isSystemError } from '../step-error.ts'
import { hunkFailure } from './hunk-failure.ts'
import { type FileChange, parsePatchFile } from './parse-patch-file.ts'

/**
 * `patch` is the name to call it by; context must match exactly, though it may have moved.
 * @returns paths of the files that it changed, in the order of the patch.
 * @throws StepError TN3510–TN3514; the tree may be changed in part then.
 */
export function applyPatchFile(
  patch: string,
  content: Uint8Array,
  root: string,
  strip: number,
): readonly string[] {
  const changes = parsePatchFile(patch, Buffer.from(content).toString('latin1'), strip)
  return changes.map((change) => applyChange(patch, change, root))
}

function applyChange(patch: string, change: FileChange, root: string): string {
  const source = sourceOf(patch, change, root)
  const target = change.after === null ? null : isRename(change) ? change.after : (source ?? change.after)
  const text = source === null ? '' : readText(patch, root, source)
  const patched = applyPatch(text, change.hunks)
  if (patched === false) throw hunkFailure(patch, source ?? target ?? '', text, change.hunks)
  const isGone = target === null || (change.removesWhenEmpty && patched === '')
  const executable = change.executable ?? (source !== null && isExecutable(root, source))
  if (source !== null && (isGone || (isRename(change) && !change.keepsBefore))) remove(root, source)
  if (!isGone) write(patch, root, target, patched, executable)
  return target ?? source ?? ''
}

function isRename(change: FileChange): boolean {
  return change.hunks.isRename === true || change.hunks.isCopy === true
}

/** The file to read: null for one that the patch makes. `foo.c.orig` against `foo.c` means `foo.c`. */
function sourceOf(patch: string, change: FileChange, root: string): string | null {
  const { before, after } = change
  const candidates = (isRename(change) ? [before] : [after, before]).filter((path) => path !== null)
  const found = candidates.find((path) => entryAt(patch, root, path) !== undefined)
  const [first] = change.hunks.hunks
  const isCreated =
    before === null || (first !== undefined && first.oldLines === 0 && change.hunks.hunks.length === 1)
  if (found === undefined && isCreated && after !== null) return null
  if (found === undefined)
    throw new StepError(
      'TN3513',
      `patch '${patch}' changes '${candidates.join("' or '")}', which is not there`,
      'Look at the names in the patch and at `strip`, the number of leading directories to leave out (default 1).',
    )
  if (before === null)
    throw new StepError(
      'TN3513',
      `patch '${patch}' makes '${found}', which is there already`,
      'The patch may be applied already: leave it out, or make it again from the present sources.',
    )
  return found
}

/** Refuses every way out of the root: the directory of `path` must really lie in it. */
function entryAt(patch: string, root: string, path: string): ReturnType<typeof lstatSync> {
  const real = realpathSync(root)
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const at = realIfThere(join(root, directory))
    if (at !== undefined && at !== real && !at.startsWith(real + sep))
      throw new StepError(
        'TN3512',
        `patch '${patch}' names '${path}', which a symbolic link leads out of the source`,
        'Do not trust this patch.',
      )
    if (at !== undefined || directory === '.') break
  }
  return lstatSync(join(root, path), { throwIfNoEntry: false })
}

function realIfThere(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch (error) {
    if (isSystemError(error)) return undefined
    throw error
  }
}

function readText(patch: string, root: string, path: string): string {
  if (!lstatSync(join(root, path)).isFile())
    throw new StepError(
      'TN3514',
      `patch '${patch}' changes '${path}', which is no regular file`,
      'Change it in a script step.',
    )
  return readFileSync(join(root, path), 'latin1')
}

function isExecutable(root: string, path: string): boolean {
  return (lstatSync(join(root, path)).mode & 0o111) !== 0
}

function write(patch: string, root: string, path: string, text: string, executable: boolean): void {
  entryAt(patch, root, path)
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text, 'latin1')
  chmodSync(file, executable ? 0o755 : 0o644)
}

/** Directories that become empty go with the file, as git and patch do. */
function remove(root: string, path: string): void {
  rmSync(join(root, path))
  for (let directory = dirname(path); directory !== '.'; directory = dirname(directory))
    try {
      rmdirSync(join(root, directory))
    } catch {
      return // not empty
    }
}
