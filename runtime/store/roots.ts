// roots.ts — links to results where a user wants them, and the note that what they lead to must be kept.
import { lstatSync, mkdirSync, readlinkSync, renameSync, symlinkSync, unlinkSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { digestOf, shortHash } from '../../dsl/plan/digest.ts'
import { withFileErrors } from './files/file-error.ts'
import { type Layout, physicalPath } from './layout.ts'
import { freshPath } from './running/scratch.ts'
import { isStorePath, STORE_ROOT, type StorePath } from './store-path.ts'

/**
 * `link` leads to the first object, `link-2` to the second and so on; those of an earlier, longer list go.
 * `roots/` gets a link to each of them: deleting a result is all it takes to let it be collected.
 * @throws CodedError TN5030 when something else is there; then nothing is changed.
 */
export function addRoots(layout: Layout, link: string, paths: readonly StorePath[]): void {
  const links = paths.map((_, index) => nthLink(resolve(link), index))
  links.forEach(refuseToReplace)
  withFileErrors(`link ${link} to the result`, layout.home, () => {
    paths.forEach((path, index) => {
      const here = nthLink(resolve(link), index)
      mkdirSync(dirname(here), { recursive: true })
      replaceLink(physicalPath(layout, path), here, `${here}.tenon-${process.pid}`)
      const root = `${layout.roots}/${shortHash(digestOf(here))}`
      replaceLink(here, root, freshPath(layout.tmp, 'root'))
    })
    for (let index = paths.length; leadsToObject(nthLink(resolve(link), index)); index++)
      unlinkSync(nthLink(resolve(link), index))
  })
}

function nthLink(link: string, index: number): string {
  return index === 0 ? link : `${link}-${index + 1}`
}

function replaceLink(target: string, link: string, temporary: string): void {
  symlinkSync(target, temporary)
  renameSync(temporary, link)
}

function refuseToReplace(link: string): void {
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined || leadsToObject(link)) return
  throw new CodedError('TN5030', `${link} exists and is not a link that Tenon made`, {
    hint: 'Move it away, or name another place with --out-link, or build with --no-link.',
  })
}

/** A link into any Tenon store, also one that is no more. */
function leadsToObject(link: string): boolean {
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return false
  const target = readlinkSync(link)
  return basename(dirname(target)) === 'store' && isStorePath(`${STORE_ROOT}/${basename(target)}`)
}
