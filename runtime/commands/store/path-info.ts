// path-info.ts — tenon store path-info: what is known of an object. It may be named by path, by a link to it, or as a target.
import { realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve as resolvePath } from 'node:path'
import { CodedError } from '../../../dsl/plan/coded-error.ts'
import type { Digest } from '../../../dsl/plan/digest.ts'
import { resolve } from '../../rebuild/resolve.ts'
import { neededSteps } from '../../schedule/needed-steps.ts'
import { layoutOf } from '../../store/layout.ts'
import type { Realisation } from '../../store/realisation.ts'
import { Store, type StoreObject, type StorePath } from '../../store/store.ts'
import { splitStorePath, STORE_ROOT } from '../../store/store-path.ts'
import { provenance, type Provenance } from '../../store/upkeep/provenance.ts'
import { lookAhead } from '../look-ahead.ts'
import { loadTarget, type TargetName } from '../target.ts'
import { madeIn } from './made-in.ts'

export interface PathInfo {
  readonly object: StoreObject
  /** null: the tree is kept in layers, and nobody has asked for a folder of it yet. */
  readonly physical: string | null
  readonly layers: Provenance['layers']
  /** The tree on which its own layer stands. */
  readonly below: StorePath | null
  /** Trees that stand on it. */
  readonly above: readonly StorePath[]
  readonly referrers: readonly StorePath[]
  readonly closure: { readonly objects: number; readonly contentBytes: number }
  /** Links that keep it. */
  readonly roots: readonly string[]
  /** Actions that gave it; chain and step when they are known. */
  readonly madeBy: readonly {
    readonly key: Digest
    readonly chain: string | null
    readonly step: string | null
    readonly rung: string
    readonly at: string
    readonly durationMs: number
  }[]
}

/** @throws CodedError TN5020 when the object is not in the store. */
export function pathInfo(home: string, path: StorePath): PathInfo {
  const store = Store.open(home)
  const found = provenance(layoutOf(store.home), path)
  if (found === undefined)
    throw new CodedError('TN5020', `${path} is not in the store at ${store.home}`, {
      hint: 'tenon store ls says what is.',
    })
  const place = store.placeOf(path)
  const { object, layers, below, above, referrers, roots } = found
  return {
    object,
    physical: place.isLayered ? null : place.path,
    layers,
    below,
    above,
    referrers,
    closure: { objects: found.closureObjects, contentBytes: found.closureBytes },
    roots,
    madeBy: found.madeBy.map((realisation) => madeBy(store, realisation)),
  }
}

function madeBy(store: Store, { key, rung, at, durationMs }: Realisation): PathInfo['madeBy'][number] {
  const made = madeIn(store, key)
  return { key, chain: made?.chain ?? null, step: made?.step ?? null, rung, at, durationMs }
}

/** The object that a path names: as steps see it, in the physical store, a link to either, or a place in one of these. */
export function objectNamed(home: string, text: string, directory: string): StorePath | undefined {
  const logical = splitStorePath(text)
  if (logical !== undefined) return logical.object
  const layout = layoutOf(resolvePath(home))
  try {
    const inside = relative(realpathSync(layout.store), realpathSync(resolvePath(directory, text)))
    return splitStorePath(join(STORE_ROOT, inside))?.object
  } catch {
    return undefined // no such file
  }
}

/** The objects of a target whose result is in the store. @throws CodedError TN5050 when it is not */
export async function objectsOfTarget(home: string, name: TargetName): Promise<readonly StorePath[]> {
  const target = await loadTarget({ ...name, home })
  const foreseen = await lookAhead(target, home, neededSteps(target.loaded.plan, target.document))
  const realised = (step: number): Realisation => {
    const realisation = foreseen.get(step)?.realisation
    if (realisation !== undefined) return realisation
    throw new CodedError('TN5050', `${basename(dirname(name.file))}/${basename(name.file)} is not built`, {
      hint: 'Build it first: tenon build.',
    })
  }
  return [...new Set(resolve(target.document, realised).behind.values())]
}
