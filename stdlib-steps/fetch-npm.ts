// fetch-npm.ts — the step fetchNpm: the tarball of an npm package, by its integrity. Leaves registry and login to the runtime.
import { z } from 'zod'
import { defineStep, file } from 'tenon'

const step = defineStep({
  name: 'fetch-npm',
  params: z.object({
    kind: z.literal('npm'),
    name: z.string(),
    version: z.string(),
    hash: z.string().optional(),
  }),
  output: z.object({ file: file() }),
  host: 'fetch',
  fixedOutput: ({ name, version, hash }) => ({ hash, lockKey: `npm:${name}@${version}` }),
})

export interface FetchNpmOptions {
  readonly name: string
  /** One version, no range. */
  readonly version: string
  /** SRI as the registry lists it; without it, tenon.lock's entry `npm:<name>@<version>`. */
  readonly integrity?: string
}

/**
 * Fetches a package's tarball from the registry of the user's npm configuration: `{} → { file }`. The package's own
 * scripts and dependencies are left alone. Errors: TN4xxx (wrong integrity, no such version, unreachable).
 */
export function fetchNpm({ name, version, integrity }: FetchNpmOptions): ReturnType<typeof step> {
  return step({ kind: 'npm', name, version, hash: integrity })
}
