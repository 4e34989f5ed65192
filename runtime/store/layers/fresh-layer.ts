// fresh-layer.ts — the empty folders into which a step's changes go, and the layer that they are afterwards.
import { mkdirSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { FILE_TIME_SECONDS } from '../files/copy-tree.ts'
import { type Layer, writtenLayer } from './layer.ts'
import { normalise } from './normalise.ts'

export interface FreshLayer {
  readonly upper: string
  readonly work: string
  /** A file that whoever ran the step has written: see writtenLayer. */
  readonly opaque: string
}

/** `directory` must not be there; all of the layer is in it. */
export function makeFreshLayer(directory: string): FreshLayer {
  const [upper, work, opaque] = [join(directory, 'upper'), join(directory, 'work'), join(directory, 'opaque')]
  for (const each of [directory, upper, work]) mkdirSync(each)
  utimesSync(upper, FILE_TIME_SECONDS, FILE_TIME_SECONDS) // the root of the tree, as the step finds it
  return { upper, work, opaque }
}

/** Once the step has ended: a layer for the next one to stand on. @throws CodedError TN5010, TN5011 as normalise does */
export function closeLayer({ upper, opaque }: FreshLayer): Layer {
  normalise(upper)
  return writtenLayer(upper, opaque)
}
