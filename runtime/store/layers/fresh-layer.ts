// fresh-layer.ts — the empty folders into which a step's changes go, and the layer that they are afterwards.
import { mkdirSync, utimesSync } from 'node:fs'
import { FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { type Layer, writtenLayer } from './layer.ts'
import { filesIn } from './layered-tree.ts'
import { normalise } from './normalise.ts'

export interface FreshLayer {
  /** What is kept of it: has the upper layer in `files`. */
  readonly folder: string
  readonly upper: string
  readonly work: string
  /** A file that whoever ran the step has written: see writtenLayer. */
  readonly opaque: string
}

/** At `folder` nothing may be; what serves while the step runs is beside it. */
export function makeFreshLayer(folder: string): FreshLayer {
  const [upper, work, opaque] = [filesIn(folder), `${folder}.work`, `${folder}.opaque`]
  for (const each of [folder, upper, work]) mkdirSync(each)
  utimesSync(upper, FILE_TIME_SECONDS, FILE_TIME_SECONDS) // the root of the tree, as the step finds it
  return { folder, upper, work, opaque }
}

/** Once the step has ended: a layer for the next one to stand on. @throws CodedError TN5010, TN5011 as normalise does */
export function closeLayer({ upper, opaque }: FreshLayer): Layer {
  normalise(upper, 'upper')
  return writtenLayer(upper, opaque)
}
