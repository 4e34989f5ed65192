// fetch.ts — bytes of a declared hash, from the first place that has them: mirrors, the URL, the npm registry. Knows no store.
import { CodedError } from '../../dsl/plan/coded-error.ts'
import { deliver } from './deliver.ts'
import { fetchError, TransferFailure } from './failure.ts'
import { PATIENCE } from './http/retry.ts'
import { type Integrity, parseIntegrity } from './integrity.ts'
import { mirrored, placeOf, showPlace } from './mirror.ts'
import { npmCandidates } from './npm/candidates.ts'
import type { Candidate, Fetched, FetchRequest } from './request.ts'

/** @throws CodedError TN4000–TN4035 and TN4950–TN4956; the signal's reason when cancelled. */
export async function fetchFixed(o: FetchRequest): Promise<Fetched> {
  const expected = o.expected === null ? null : parseIntegrity(o.expected)
  const failures: { failure: TransferFailure; isOrigin: boolean }[] = []
  let skipped: Candidate | null = null
  for await (const candidate of candidates(o, expected)) {
    o.signal.throwIfAborted()
    if (o.offline && candidate.place.kind === 'web') {
      if (skipped === null || candidate.isOrigin) skipped = candidate
      continue
    }
    try {
      return await deliver(o, candidate, expected ?? candidate.promised)
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error
      failures.push({ failure: error, isOrigin: candidate.isOrigin })
      o.onNote?.(error.message)
    }
  }
  if (skipped !== null && failures.every(({ failure }) => failure.kind !== 'wrong-hash'))
    throw offlineError(skipped, failures)
  throw fetchError(failures)
}

async function* candidates(o: FetchRequest, expected: Integrity | null): AsyncGenerator<Candidate> {
  const env = o.env ?? process.env
  if (o.source.kind === 'npm')
    return yield* npmCandidates({
      ...o,
      ...o.source,
      expected,
      env,
      patience: { ...PATIENCE, ...o.patience },
    })
  const plain = { authorization: () => undefined, tls: {}, env, promised: null }
  for (const [index, url] of [o.source.url, ...o.source.mirrors].entries()) {
    const origin = placeOf(url)
    for (const place of mirrored(url, o.mirrors)) yield { ...plain, place, isOrigin: false }
    yield { ...plain, place: origin, isOrigin: index === 0 }
  }
}

function offlineError(skipped: Candidate, failures: readonly { failure: TransferFailure }[]): CodedError {
  return new CodedError(
    'TN4950',
    `--offline forbids fetching ${showPlace(skipped.place)}, which is not here yet`,
    {
      hint: 'Build once without --offline, or name a directory that has the file: --mirror FROM=/directory/.',
      details: failures.map(({ failure }) => `tried: ${failure.message}`),
    },
  )
}
