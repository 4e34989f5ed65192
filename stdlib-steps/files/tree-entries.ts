// tree-entries.ts — everything below a directory, in one order on every machine. Reads no contents.
import { type Dirent, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

export type TreeEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly executable: boolean; readonly sizeBytes: number }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }

/** Parents before children, siblings by code unit; paths are relative. Names that `enters` refuses are left out with all below. */
export function treeEntries(
  root: string,
  enters: (path: string, isDirectory: boolean) => boolean = () => true,
): TreeEntry[] {
  return below(root, '', enters)
}

function below(
  root: string,
  directory: string,
  enters: (path: string, isDirectory: boolean) => boolean,
): TreeEntry[] {
  return readdirSync(join(root, directory), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((child) => ({ child, path: join(directory, child.name) }))
    .filter(({ child, path }) => enters(path, child.isDirectory()))
    .flatMap(({ child, path }) => entriesOf(root, child, path, enters))
}

function entriesOf(
  root: string,
  child: Dirent,
  path: string,
  enters: (path: string, isDirectory: boolean) => boolean,
): TreeEntry[] {
  if (child.isDirectory()) return [{ kind: 'directory', path }, ...below(root, path, enters)]
  if (child.isSymbolicLink()) return [{ kind: 'symlink', path, target: readlinkSync(join(root, path)) }]
  if (!child.isFile()) return [] // sockets and pipes: trees can't hold them
  const { mode, size } = lstatSync(join(root, path))
  return [{ kind: 'file', path, executable: (mode & 0o111) !== 0, sizeBytes: size }]
}
