// remove-object.ts — takes objects out of the store, so that whoever is stopped in between leaves whole ones only.
import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { removeTree } from '../files/remove-tree.ts'
import { layerFolder, type Layout, objectRecordFile, physicalPath } from '../layout.ts'
import { freshPath } from '../running/scratch.ts'
import type { StorePath } from '../store-path.ts'

/**
 * First the record goes, then the files go aside, which takes no time.
 * @returns what deletes the files for good; on a full disk they may be deleted already.
 */
export function takeOut(layout: Layout, path: StorePath): () => void {
  rmSync(objectRecordFile(layout, path), { force: true })
  const deletions = [physicalPath(layout, path), layerFolder(layout, path)].map((files) =>
    aside(layout, files),
  )
  return () => deletions.forEach((remove) => remove())
}

/** A layer goes with its record, which is in it. */
function aside(layout: Layout, files: string): () => void {
  try {
    const stat = lstatSync(files, { throwIfNoEntry: false })
    if (stat === undefined) return () => {}
    const place = freshPath(layout.tmp, 'removed')
    if (stat.isDirectory()) chmodSync(files, 0o755) // an ordinary user can't move a directory that he can't write to
    renameSync(files, place)
    return () => removeTree(place)
  } catch {
    removeTree(files) // no room for the move
    return () => {}
  }
}
