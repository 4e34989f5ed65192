// fetch-url.ts — the step fetchUrl: a file from the web, by its hash. Leaves transport to the runtime.
import { z } from 'zod'
import { defineStep, file } from 'tenon'

const step = defineStep({
  name: 'fetch-url',
  params: z.object({
    kind: z.literal('url'),
    url: z.url(),
    mirrors: z.array(z.url()),
    hash: z.string().optional(),
  }),
  output: z.object({ file: file() }),
  host: 'fetch',
  fixedOutput: ({ url, hash }) => ({ hash, lockKey: url }),
})

export interface FetchUrlOptions {
  readonly url: string
  /** SRI (`sha256-…`, `sha384-…`, `sha512-…`); without it, tenon.lock's entry for the URL. */
  readonly hash?: string
  /** Whole URLs of the same file, tried in order when `url` fails. */
  readonly mirrors?: readonly string[]
}

/**
 * Fetches one file: `{} → { file }`. What arrives must have the hash, whoever sent it; nothing else is ever stored.
 * Errors: TN4xxx (wrong hash, 404, cut short, unreachable).
 */
export function fetchUrl({ url, hash, mirrors = [] }: FetchUrlOptions): ReturnType<typeof step> {
  return step({ kind: 'url', url, mirrors: [...mirrors], hash })
}
