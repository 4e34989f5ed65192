// mirror.ts — other places for a URL's bytes: a prefix and what stands in for it. Fetches nothing.
import { isAbsolute, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CodedError } from '../../dsl/plan/coded-error.ts'

export interface Mirror {
  readonly from: string // URL prefix
  readonly to: string // URL prefix, file:// URL or absolute directory
}

/** Where bytes may be: on the net, or a file of this machine. */
export type Place =
  { readonly kind: 'web'; readonly url: URL } | { readonly kind: 'file'; readonly path: string }

/** Reads `FROM=TO`. @throws CodedError TN4008 */
export function parseMirror(text: string): Mirror {
  // The first `=` after which a URL or a path begins: FROM may hold a query.
  const match = /^(.+?)=((?:https?|file):\/\/.*|\/.*)$/i.exec(text)
  if (match?.[1] === undefined || match[2] === undefined)
    throw badMirror(text, 'TO must be an http(s) URL, a file:// URL or an absolute directory')
  return checkMirror({ from: match[1], to: match[2] }, text)
}

/** @throws CodedError TN4008 when either side is no URL or path that can be used. */
export function checkMirror(mirror: Mirror, shown: string): Mirror {
  if (!/^https?:\/\//i.test(mirror.from) || !URL.canParse(mirror.from))
    throw badMirror(shown, 'FROM must be the beginning of an http(s) URL')
  if (!isAbsolute(mirror.to) && !(/^(https?|file):\/\//i.test(mirror.to) && URL.canParse(mirror.to)))
    throw badMirror(shown, 'TO must be an http(s) URL, a file:// URL or an absolute directory')
  return mirror
}

function badMirror(text: string, why: string): CodedError {
  return new CodedError('TN4008', `${JSON.stringify(text)} is not a mirror: ${why}`, {
    hint: 'Write FROM=TO, as in https://ftp.gnu.org/gnu/=https://mirror.example.org/gnu/ or …=/srv/mirror/gnu/.',
  })
}

/** What the mirrors of the longest matching prefix make of the URL, in the order the mirrors were given. */
export function mirrored(url: string, mirrors: readonly Mirror[]): Place[] {
  const matching = mirrors.flatMap((mirror) => {
    const rest = restAfter(url, mirror.from)
    return rest === null ? [] : [{ mirror, rest }]
  })
  const longest = Math.max(...matching.map(({ mirror }) => mirror.from.length))
  return matching
    .filter(({ mirror }) => mirror.from.length === longest)
    .flatMap(({ mirror, rest }) => placesIn(mirror.to, rest))
}

/** A prefix ends where a path segment ends: `https://a.org/x` is no prefix of `https://a.org/xy`. */
function restAfter(url: string, from: string): string | null {
  if (!url.startsWith(from)) return null
  const rest = url.slice(from.length)
  return from.endsWith('/') || rest === '' || /^[/?#]/.test(rest) ? rest : null
}

function placesIn(to: string, rest: string): Place[] {
  if (/^https?:/i.test(to)) {
    const joined = to.endsWith('/') && rest.startsWith('/') ? to + rest.slice(1) : to + rest
    return [{ kind: 'web', url: new URL(joined) }]
  }
  const directory = /^file:/i.test(to) ? fileURLToPath(to) : to
  const path = pathOf(rest)
  const whole = posix.normalize('/' + path) // so that no `..` leads out of the directory
  const places = [...new Set([whole, '/' + posix.basename(whole)])].filter((place) => place !== '/')
  return (places.length === 0 ? [''] : places).map((place) => ({
    kind: 'file',
    path: join(directory, place),
  }))
}

function pathOf(rest: string): string {
  const path = rest.replace(/[?#].*$/s, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path // a stray `%`: the name as it stands
  }
}

/** The place that a URL names. @throws CodedError TN4007 for a URL that can't be fetched. */
export function placeOf(url: string): Place {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return { kind: 'web', url: parsed }
  if (parsed?.protocol === 'file:' && parsed.host === '') return { kind: 'file', path: fileURLToPath(parsed) }
  throw new CodedError(
    'TN4007',
    `cannot fetch ${JSON.stringify(url)}: only http, https and file URLs can be fetched`,
    {
      hint: 'Give a whole URL, such as https://example.org/hello-1.0.tar.gz.',
    },
  )
}

/** A place as an error may show it: without user name, password and, on request, query (signed links carry secrets there). */
export function showPlace(place: Place, query: 'shown' | 'hidden' = 'shown'): string {
  if (place.kind === 'file') return place.path
  const url = new URL(place.url)
  url.username = ''
  url.password = ''
  const hidden = query === 'hidden' && url.search !== ''
  if (hidden) url.search = ''
  return hidden ? `${url.href}?…` : url.href
}
