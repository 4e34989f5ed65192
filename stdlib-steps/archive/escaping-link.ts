// escaping-link.ts — where symbolic links of an archive lead, followed as a kernel does, without the file system.
import type { Placed } from './placed.ts'

type Link = Extract<Placed, { kind: 'symlink' }>
const MAX_HOPS = 40 // as Linux: a longer way ends in ELOOP, so it leads nowhere

/** The first link that leaves the directory `inside`; links that lead to nothing are fine. */
export function escapingLink(placed: ReadonlyMap<string, Placed>, inside: readonly string[]): Link | null {
  for (const [path, what] of placed)
    if (what.kind === 'symlink' && leaves(placed, path.split('/').slice(0, -1), what.target, inside.length))
      return what
  return null
}

function leaves(
  placed: ReadonlyMap<string, Placed>,
  from: readonly string[],
  target: string,
  floor: number,
): boolean {
  const at = [...from]
  const ahead = target.split('/').reverse()
  for (let hops = 0; ahead.length > 0;) {
    const part = ahead.pop()
    if (part === undefined || part === '' || part === '.') continue
    if (part === '..') {
      if (at.length <= floor) return true
      at.pop()
      continue
    }
    at.push(part)
    const found = placed.get(at.join('/'))
    if (found?.kind !== 'symlink') continue
    if (++hops > MAX_HOPS) return false
    at.pop()
    ahead.push(...found.target.split('/').reverse())
  }
  return false
}
