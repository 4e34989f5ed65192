// failure.ts — why bytes did not come from one place, and what that means for the user. Retries nothing itself.
import { CodedError } from '../../dsl/plan/coded-error.ts'

export type FailureKind =
  | 'wrong-hash'
  | 'not-found' // 404, 410, a file that is not there
  | 'denied' // 401, 403
  | 'status' // any other answer that is no success
  | 'redirect'
  | 'tls'
  | 'proxy'
  | 'unknown-host'
  | 'unreachable'
  | 'unavailable' // 408, 429, 5xx
  | 'stalled'
  | 'cut-off'

const KINDS: Readonly<Record<FailureKind, { readonly code: string; readonly hint: string }>> = {
  'wrong-hash': {
    code: 'TN4001',
    hint: 'If the new content is what you want, run `tenon update` and look at the change in tenon.lock (or in the step’s `hash`); if not, someone altered the file where it comes from.',
  },
  'not-found': { code: 'TN4002', hint: 'Check the URL and the version in it; the file may have moved.' },
  denied: {
    code: 'TN4003',
    hint: 'Check the credentials for this host: for npm packages the token in .npmrc (`npm login`; variables that it names must be set).',
  },
  status: { code: 'TN4004', hint: 'Open the URL in a browser to see what the server says.' },
  redirect: { code: 'TN4005', hint: 'Give the URL where the file really is.' },
  tls: {
    code: 'TN4006',
    hint: 'When a proxy of your company signs connections, set NODE_EXTRA_CA_CERTS to its certificate file or NODE_USE_SYSTEM_CA=1.',
  },
  proxy: {
    code: 'TN4956',
    hint: 'Check https_proxy, http_proxy and no_proxy, and the user name and password in them.',
  },
  'unknown-host': {
    code: 'TN4951',
    hint: 'Check the network, the spelling of the host and the proxy settings, or name a mirror: --mirror FROM=TO.',
  },
  unreachable: {
    code: 'TN4952',
    hint: 'Check the network and the proxy settings, or name a mirror: --mirror FROM=TO.',
  },
  unavailable: { code: 'TN4953', hint: 'Try again later, or name a mirror: --mirror FROM=TO.' },
  stalled: {
    code: 'TN4954',
    hint: 'Try again: what has come already is kept. Or name a mirror: --mirror FROM=TO.',
  },
  'cut-off': {
    code: 'TN4955',
    hint: 'Try again: what has come already is kept. Or name a mirror: --mirror FROM=TO.',
  },
}

/** One place did not give the bytes. The message is the fact and names the place. */
export class TransferFailure extends Error {
  readonly kind: FailureKind
  /** Another try at the same place may help. */
  readonly retriable: boolean
  /** The server asked for this pause. */
  readonly retryAfterMs: number | null
  readonly details: readonly string[]
  constructor(
    kind: FailureKind,
    fact: string,
    o: {
      retriable?: boolean
      retryAfterMs?: number | null
      details?: readonly string[]
      cause?: unknown
    } = {},
  ) {
    super(fact, { cause: o.cause })
    this.name = 'TransferFailure'
    this.kind = kind
    this.retriable = o.retriable ?? false
    this.retryAfterMs = o.retryAfterMs ?? null
    this.details = o.details ?? []
  }
}

/** The error of a fetch all of whose places failed: a wrong hash counts most, then what the user asked for itself. */
export function fetchError(failures: readonly { failure: TransferFailure; isOrigin: boolean }[]): CodedError {
  const chosen =
    failures.find(({ failure }) => failure.kind === 'wrong-hash') ??
    failures.findLast(({ isOrigin }) => isOrigin) ??
    failures.at(-1)
  if (chosen === undefined) throw new RangeError('fetchError needs a failure')
  const others = failures
    .filter((one) => one !== chosen)
    .map(({ failure }) => `also tried: ${failure.message}`)
  return new CodedError(KINDS[chosen.failure.kind].code, chosen.failure.message, {
    hint: KINDS[chosen.failure.kind].hint,
    details: [...chosen.failure.details, ...others],
    cause: chosen.failure,
  })
}
