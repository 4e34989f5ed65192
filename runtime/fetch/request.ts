// request.ts — what is to be fetched and where it may be found: the words that the parts of fetching share.
import type { Environment, TlsOptions } from './http/connection.ts'
import type { Patience } from './http/retry.ts'
import type { Integrity } from './integrity.ts'
import type { Mirror, Place } from './mirror.ts'

export type FetchSource =
  | { readonly kind: 'url'; readonly url: string; readonly mirrors: readonly string[] }
  | { readonly kind: 'npm'; readonly name: string; readonly version: string }

export interface FetchRequest {
  readonly source: FetchSource
  /** SRI, several hashes separated by spaces; null: not locked yet, what comes is taken. */
  readonly expected: string | null
  /** The user's, from `configuredMirrors`. */
  readonly mirrors: readonly Mirror[]
  readonly offline: boolean
  readonly projectRoot: string // its .npmrc counts
  readonly home: string
  readonly scratch: string // an existing directory
  readonly signal: AbortSignal
  readonly onProgress: (doneBytes: number, totalBytes: number | null) => void
  /** Why it takes longer (another try, another place): a line for the step's log. */
  readonly onNote?: (line: string) => void
  readonly env?: Environment // default: the process's
  readonly patience?: Partial<Patience>
}
export interface Fetched {
  readonly file: string // in the scratch
  readonly hash: string // SHA-256 as SRI, whatever algorithm was expected
}

/** A place to try. */
export interface Candidate {
  readonly place: Place
  /** What the user asked for and not a stand-in: its failure is the one to report. */
  readonly isOrigin: boolean
  readonly authorization: (url: URL) => string | undefined
  readonly tls: TlsOptions
  readonly env: Environment // proxy settings
  /** What the origin's metadata promises; counts when nothing else is expected. */
  readonly promised: Integrity | null
}

/** The key of a source in tenon.lock. */
export function lockKeyOf(source: FetchSource): string {
  return source.kind === 'url' ? source.url : `npm:${source.name}@${source.version}`
}
