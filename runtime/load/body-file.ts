// body-file.ts — where the bundle of a step's body lies.
import { join } from 'node:path'
import { cacheDirectory } from './cache-entry.ts'

/** A bundled ES module, named by the SHA-256 of its text. */
export function bodyFile(home: string, digest: string): string {
  return join(cacheDirectory(home), 'bodies', `${digest}.mjs`)
}
