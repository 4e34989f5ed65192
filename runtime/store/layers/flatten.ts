// flatten.ts — a tree in layers as one plain directory. What each layer means is layer.ts's.
import { chmodSync, mkdirSync, utimesSync } from 'node:fs'
import { copyTree, FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { join } from '../files/entry.ts'
import { entryIn, type Layer, type MergedDirectory, namesIn, rootOf } from './layer.ts'

/**
 * A writable copy, as files/copy-tree.ts makes them.
 * @throws CodedError TN5010 and TN5011 as that does; ErrnoException EEXIST when there is something at `destination`
 */
export function flatten(layers: readonly Layer[], destination: string, below = rootOf(layers)): void {
  copyDirectory(below, Buffer.from(destination), layers.at(-1))
}

function copyDirectory(directory: MergedDirectory, destination: Buffer, lowest: Layer | undefined): void {
  const [top] = directory.parts
  if (top !== undefined && top.layer === lowest) return copyTree(top.path, destination) // it marks nothing as deleted
  mkdirSync(destination)
  for (const name of namesIn(directory)) {
    const entry = entryIn(directory, name)
    const target = join(destination, name)
    if (entry?.kind === 'directory') copyDirectory(entry.directory, target, lowest)
    else if (entry !== undefined) copyTree(entry.path, target)
  }
  chmodSync(destination, 0o755)
  utimesSync(destination, FILE_TIME_SECONDS, FILE_TIME_SECONDS)
}
