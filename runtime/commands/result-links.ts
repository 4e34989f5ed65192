// result-links.ts — links to what a build made, in the user's directory; each keeps its object from being collected.
import { pointerKeys } from '../../dsl/plan/json.ts'
import { Store } from '../store/store.ts'
import type { BuildResult } from './build.ts'

/**
 * One artifact: the link `base`; several: `<base>-<field>`, the keys of a nested field joined by dots.
 * @returns the links. @throws CodedError when something else is there.
 */
export function linkResult(base: string, home: string, { artifacts }: BuildResult): readonly string[] {
  if (artifacts.length === 0) return []
  const store = Store.open(home)
  return artifacts.map(({ pointer, object }) => {
    const field = pointerKeys(pointer).join('.').replaceAll('/', '_')
    const link = artifacts.length === 1 ? base : `${base}-${field}`
    store.addRoot(link, [object])
    return link
  })
}
