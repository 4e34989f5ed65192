// work-path.ts — where the work tree of a document field is: a path that holds no hash.
import { pointerKeys } from '../../dsl/plan/json.ts'

/** `/src` → `/build/src`, `/prog/src` → `/build/prog.src`; of params: `/build/params.src`. */
export function workPath(pointer: string, of: 'document' | 'params'): string {
  const name = pointerKeys(pointer).join('.')
  return `/build/${of === 'params' ? 'params.' : ''}${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`
}
