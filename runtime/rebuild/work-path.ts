// work-path.ts — where the work tree of a document field is: a path that holds no hash.

/** `/src` → `/build/src`, `/prog/src` → `/build/prog.src`; of params: `/build/params.src`. */
export function workPath(pointer: string, of: 'document' | 'params'): string {
  const fields = pointer.split('/').slice(1)
  const name = fields.map((field) => field.replaceAll('~1', '/').replaceAll('~0', '~')).join('.')
  return `/build/${of === 'params' ? 'params.' : ''}${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}`
}
